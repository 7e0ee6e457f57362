"""The summary, and how the update ended."""

from state.fields.table import FIELDS
from state.messages.fields import lines
from state.messages.message import PERSON, Message

_CHANGES = lines("{antes} → *{nuevo}*")
_NOTICE = (("not_me", "No fui yo"), ("was_me", "Fui yo"))

TEXTS = {
    # Summary
    "resumen": Message(
        "*Paso {n_paso} de {n_pasos}.* Revise antes de guardar:\n\n"
        "*Servicio:* {servicio_mascara}\n"
        f"{_CHANGES}\n\n"
        "Si algo no está bien, toque *Corregir*. ¿Guardamos?",
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
        "Sus datos ya están al día: no hay nada por cambiar. ¿Algo más?",
        (("bye", "No, gracias"), PERSON),
    ),
    "guardando": Message("Guardando… Esto tarda unos segundos.", progress=True),
    # Result
    "ok": Message(
        "{mensaje_operacion}\n\nQuedó así:\n"
        f"{lines('{nuevo}')}\n"
        "Comprobante: *{codigo}*\n\nSi usted no pidió este cambio, escriba *no fui yo*.",
        (("bye", "Listo, gracias"), PERSON),
        personal=True,
    ),
    "en_aprobacion": Message(
        "Recibimos su solicitud. Como se trata de datos importantes, un asesor la revisará antes "
        "de guardarla. Le responderemos por aquí. Solicitud *{codigo}*.",
        (PERSON,),
    ),
    "en_aprobacion_retenida": Message(
        "Recibimos su solicitud *{codigo}*. Como quita un celular registrado, un asesor la "
        "revisará y avisamos al número anterior: si está de acuerdo, la guardamos pasadas 24 "
        "horas. Le responderemos por aquí.",
        (PERSON,),
    ),
    "aprobada_retenida": Message(
        "Su solicitud *{codigo}* fue aprobada. Por su seguridad la guardamos cuando pasen 24 horas "
        "desde que la pidió, si nadie se opone desde el número anterior. No tiene que hacer nada.",
        (PERSON,),
    ),
    "vinculo_lleno": Message(
        "Por su seguridad este chat no queda vinculado hasta que un asesor lo revise. Sus datos no "
        "cambiaron. Le responderemos por aquí.",
        (("bot", "Volver al asistente"),),
    ),
    "en_revision": Message(
        "Un asesor está revisando su solicitud *{codigo}*. Le responderemos por aquí; no tiene que "
        "hacer nada.",
        (PERSON,),
    ),
    "por_asesor": Message(
        "Por su seguridad ese cambio no lo hacemos por este chat sin comprobar mejor que usted es "
        "el titular. Lo paso con un asesor.",
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
        "Gracias. El asesor ya tiene su respuesta y le contará por aquí qué decide. Solicitud "
        "*{codigo}*."
    ),
    "rechazada": Message(
        "No pudimos aprobar su solicitud *{codigo}*. Motivo: {motivo}. Puede hablar con un asesor "
        "o visitarnos con su documento.",
        (PERSON, ("bye", "Terminar")),
    ),
    "err_no_persistio": Message(
        "El sistema nos confirmó el cambio, pero al revisar no quedó guardado. Un asesor lo hará a "
        "mano y le avisará. Disculpe la demora. Solicitud *{codigo}*."
    ),
    "err_400": Message(
        "{mensaje_operacion}\n\nNo cambiamos nada. Revisemos sus datos e intentemos otra vez.",
        (("correct", "Corregir"), PERSON),
    ),
    "err_404": Message(
        "{mensaje_operacion}\n\nNo cambiamos nada. El servicio pudo haber cambiado de número; "
        "puede buscarlo otra vez o lo revisa un asesor.",
        (("fix_service", "Buscar otra vez"), PERSON),
    ),
    "err_500": Message(
        "{mensaje_operacion}\n\nEl sistema no respondió bien. Sus datos están guardados aquí y lo "
        "intentaremos de nuevo sin que usted tenga que hacer nada. Le avisaremos. Solicitud "
        "*{codigo}*.",
        (PERSON,),
    ),
    "err_agotado": Message(
        "{mensaje_operacion}\n\nLo intentamos varias veces y el sistema no guardó el cambio. Un "
        "asesor lo hará a mano y le avisará. Disculpe la demora. Solicitud *{codigo}*."
    ),
    "espera": Message(
        "Seguimos intentando guardar su solicitud *{codigo}*. Le avisaremos por aquí; no tiene "
        "que hacer nada.",
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
    "aviso_gracias": Message("Gracias por confirmarlo."),
    "no_fui_yo": Message(
        "Gracias por avisar. No haremos más cambios por este chat hasta que un asesor lo revise y "
        "lo contacte."
    ),
}
