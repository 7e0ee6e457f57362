"""The summary, and how the update ended."""

from state.fields.table import FIELDS
from state.messages.fields import lines
from state.messages.message import PERSON, Message

_NOTICE = (("not_me", "No fui yo"), ("was_me", "Fui yo"))

TEXTS = {
    # Summary
    "resumen": Message(
        "Revise antes de guardar:\n\n"
        "*Servicio:* {servicio_mascara}\n"
        f"{lines('{nuevo}')}\n\n"
        "¿Guardamos?",
        (("save", "Sí, guardar"), ("correct", "Corregir"), ("cancel", "Cancelar")),
        personal=True,
    ),
    "corregir": Message(
        "¿Qué desea corregir?",
        (
            *((f"fix_{field}", info.button) for field, info in FIELDS.items()),
            ("fix_service", "El servicio"),
        ),
    ),
    "sin_cambios": Message(
        "Listo: este chat quedó unido a su servicio y sus datos ya estaban al día. Si algo cambia, "
        "escríbame *hola*.",
        (("bye", "No, gracias"), ("update", "Cambiar mis datos"), PERSON),
    ),
    "guardando": Message("Guardando… Esto tarda unos segundos.", progress=True),
    # Result
    "ok": Message(
        "{mensaje_operacion}\n\nQuedó así:\n"
        f"{lines('{nuevo}')}\n\n"
        "Este chat ya quedó unido a su servicio. Comprobante: *{codigo}*. Si usted no pidió este "
        "cambio, escriba *no fui yo*.",
        (("bye", "Listo, gracias"), PERSON),
        personal=True,
    ),
    "en_aprobacion": Message(
        "Recibí su solicitud *{codigo}*. Por su seguridad la revisa un asesor antes de guardarla. "
        "Le aviso por aquí; no tiene que hacer nada.",
        (PERSON,),
    ),
    "en_aprobacion_retenida": Message(
        "Recibí su solicitud *{codigo}*. Como quita un celular registrado, la revisa un asesor y "
        "avisamos al número anterior: si está de acuerdo, se guarda pasadas 24 horas. Le aviso por "
        "aquí.",
        (PERSON,),
    ),
    "aprobada_retenida": Message(
        "Un asesor aprobó su solicitud *{codigo}*. Por su seguridad la guardo 24 horas después de "
        "que la pidió, si nadie se opone desde el número anterior. No tiene que hacer nada.",
        (PERSON,),
    ),
    "vinculo_lleno": Message(
        "Por su seguridad este chat no queda unido a su servicio hasta que lo revise un asesor. "
        "Sus datos no cambiaron. Le escribe por aquí.",
        (("bot", "Volver al asistente"),),
    ),
    "en_revision": Message(
        "Un asesor está revisando su solicitud *{codigo}*. Le aviso por aquí; no tiene que hacer "
        "nada.",
        (PERSON,),
    ),
    "por_asesor": Message(
        "Por su seguridad ese cambio no lo hago por este chat sin comprobar mejor que usted es el "
        "titular. Lo paso con un asesor, que le escribe por aquí.",
        (("bot", "Volver al asistente"),),
    ),
    "deshecho": Message(
        "{mensaje_operacion}\n\nUn asesor deshizo el último cambio de su servicio: quedaron los "
        "datos de antes. Comprobante: *{codigo}*",
        (PERSON,),
    ),
    "pregunta_asesor": Message(
        "Sobre su solicitud *{codigo}*, un asesor necesita saber:\n\n{pregunta}\n\n"
        "Respóndalo aquí, en un solo mensaje.",
        (PERSON,),
    ),
    "respuesta_recibida": Message(
        "Gracias. El asesor ya tiene su respuesta a la solicitud *{codigo}* y le cuenta por aquí "
        "qué decide. No tiene que hacer nada más."
    ),
    "rechazada": Message(
        "No se aprobó su solicitud *{codigo}*. Motivo: {motivo}. Puede hablar con un asesor o "
        "visitarnos con su documento.",
        (PERSON, ("bye", "Terminar")),
    ),
    "err_no_persistio": Message(
        "El sistema confirmó el cambio, pero al revisar no quedó guardado. Qué pena: un asesor lo "
        "hace a mano y le avisa por aquí. Solicitud *{codigo}*."
    ),
    "err_400": Message(
        "{mensaje_operacion}\n\nNo cambié nada. Revise sus datos e intentemos otra vez.",
        (("correct", "Corregir"), PERSON),
    ),
    "err_404": Message(
        "{mensaje_operacion}\n\nNo cambié nada. El servicio pudo haber cambiado de número: puede "
        "buscarlo otra vez o lo revisa un asesor.",
        (("fix_service", "Buscar otra vez"), PERSON),
    ),
    "err_500": Message(
        "{mensaje_operacion}\n\nEl sistema no respondió bien. Guardé sus datos y lo intento de "
        "nuevo; no tiene que hacer nada. Le aviso por aquí. Solicitud *{codigo}*.",
        (PERSON,),
    ),
    "err_agotado": Message(
        "{mensaje_operacion}\n\nLo intenté varias veces y el sistema no guardó el cambio. Qué "
        "pena: un asesor lo hace a mano y le avisa por aquí. Solicitud *{codigo}*."
    ),
    "espera": Message(
        "Sigo intentando guardar su solicitud *{codigo}*. Le aviso por aquí; no tiene que hacer "
        "nada.",
        (PERSON,),
    ),
    "aviso_titular": Message(
        "Aviso de seguridad de {isp}: desde otro chat se pidió {accion} su servicio de internet. "
        "Si fue usted, no haga nada. Si no, responda *no fui yo* y lo detenemos.",
        _NOTICE,
    ),
    "aviso_programa": Message(
        "Aviso de seguridad de {isp}: desde un sistema de la empresa se pidió {accion} su servicio "
        "de internet. Si usted lo pidió, no haga nada. Si no, responda *no fui yo* y un asesor lo "
        "revisa.",
        _NOTICE,
    ),
    "aviso_retenido": Message(
        "Aviso de seguridad de {isp}: desde otro chat se pidió {accion} su servicio de internet y "
        "quitar el celular anterior. Si no fue usted, responda *no fui yo* en las próximas 24 "
        "horas y lo detenemos. Si fue usted, responda *fui yo*.",
        _NOTICE,
    ),
    "aviso_numero": Message(
        "Aviso de seguridad de {isp}: otra cuenta usa ahora el número que tenía este chat, así que "
        "ese número ya no sirve para comprobar quién es usted. Si usted lo cambió o lo entregó, no "
        "haga nada. Si no, responda *no fui yo*: detenemos los cambios de su servicio y lo atiende "
        "un asesor.",
        _NOTICE,
    ),
    "aviso_gracias": Message("Gracias por confirmarlo. Cuando necesite algo, escriba *hola*."),
    "no_fui_yo": Message(
        "Gracias por avisar. No hago más cambios por este chat hasta que un asesor lo revise. Le "
        "escribe por aquí."
    ),
}
