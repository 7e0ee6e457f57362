"""What can be said in every state: help, media, reminders, a person, one's own data."""

from state.messages.fields import ALL, lines
from state.messages.message import CONTINUE, GO_ON, PERSON, RESTART, Message, refusal

TEXTS = {
    # At any time
    "ayuda": Message(
        f"Registro {ALL} en su servicio. Puede escribir:\n"
        "*atrás*: la pregunta anterior\n"
        "*repetir*: otra vez la pregunta\n"
        "*cancelar*: salir sin guardar\n"
        "*estado*: en qué vamos\n"
        "*mis datos*: ver, corregir o borrar\n"
        "*asesor*: hablar con un asesor",
        (CONTINUE, RESTART, PERSON),
    ),
    "por_que": Message(
        "Con sus datos al día lo ubico de inmediato cuando escribe. Nada de publicidad."
    ),
    "por_que_doc": Message(
        "La cédula queda en su contrato para que solo usted pueda pedir cambios."
    ),
    "por_que_tel": Message("A ese celular le avisamos cortes y pagos, nada de publicidad."),
    "por_que_numero": Message("Así sé que el servicio es suyo, sin pedirle claves."),
    "por_que_datos": Message("Con esto compruebo que el servicio es suyo."),
    "estado": Message("Vamos en: *{paso}*."),
    "atras": Message("Volvamos a la pregunta anterior."),
    "cancelar_conf": Message(
        "¿Quiere dejar esto hasta aquí? No he cambiado nada. Si lo que quiere es *pagar*, lo "
        "atiende un asesor.",
        (("cancel_yes", "Sí, dejarlo"), ("continue", "No, seguir"), PERSON),
    ),
    "solicitud_retirar": Message(
        "Su solicitud *{codigo}* la está revisando un asesor; le aviso por aquí. ¿La retira? Si "
        "la deja, no tiene que hacer nada.",
        (("withdraw", "Sí, retirarla"), ("continue", "No, dejarla"), PERSON),
    ),
    "solicitud_retirada": Message(
        "Listo, retiré la solicitud *{codigo}* y no cambié nada. Cuando quiera, escriba *hola*."
    ),
    "solicitud_va": Message("Su solicitud *{codigo}*, que está en revisión, también se retira."),
    "cancelado": Message("Listo, no cambié nada. Cuando quiera, escriba *hola*."),
    "tarde": Message(
        "Ya estoy guardando el cambio y no se puede detener. En unos segundos le cuento cómo "
        "quedó; si algo no está bien, un asesor lo corrige.",
        (PERSON,),
    ),
    "no_entendi_1": Message("Disculpe, no entendí."),
    "no_entendi_2": Message("Creo que no le estoy ayudando."),
    "ofrecer_asesor": refusal("Si prefiere, lo atiende un asesor.", PERSON),
    "edito": Message(
        "Vi que editó su mensaje. Ahora dice *{valor}*. ¿Usamos ese?",
        (("use_edit", "Sí, usar ese"), ("keep_edit", "No, el anterior")),
        personal=True,
    ),
    "edito_nota": Message(
        "Vi que editó su mensaje, pero ese cambio no se toma solo: si corrigió algo, envíelo de "
        "nuevo."
    ),
    "solo_privado": Message(
        "Por la seguridad de sus datos solo atiendo en privado: escríbame en un chat directo."
    ),
    "boton_viejo": Message("Ese botón es de un mensaje anterior. Ahora estamos aquí:"),
    "audio": Message(
        "No puedo escuchar notas de voz. Escríbamelo, o escriba *asesor* y lo atiende un asesor."
    ),
    "media": Message("Eso no lo puedo abrir por aquí. Escríbamelo, por favor."),
    "foto_doc": Message(
        "Por aquí no puedo ver fotos. Si es su cédula, mejor no la envíe: escriba solo el número. "
        "Si es un pago u otra cosa, escriba *asesor*."
    ),
    "recordatorio": Message(
        "¿Seguimos? Íbamos en: *{paso}*. Le falta poco.",
        (CONTINUE, ("cancel", "Cancelar")),
    ),
    "expiro": Message(
        "Pasó mucho tiempo y por seguridad borré lo que había escrito. Cuando quiera, escriba "
        "*hola* y empezamos de nuevo."
    ),
    # A person
    "asesor_ok": Message(
        "Lo paso con un asesor. Ya puede ver lo que hemos hablado, así que no tiene que repetirlo. "
        "Le escribe por aquí.",
        (("bot", "Volver al asistente"),),
    ),
    "asesor_fuera": Message(
        "Queda en la fila: los asesores atienden {horario} y le responden {cuando} por aquí. "
        "Mientras tanto puede seguir conmigo.",
        (("bot", "Seguir asistente"), ("wait", "Esperar asesor")),
    ),
    "sin_avance": Message(
        "Por aquí no logro avanzar. Lo paso con un asesor, que lee este chat y le escribe.",
        (("bot", "Volver al asistente"),),
    ),
    "en_fila": Message(
        "Lo leerá el asesor. Sigue en la fila.",
        (("bot", "Volver al asistente"),),
    ),
    "asesor_entra": Message("Hola, soy {agente}, de {isp}. Ya leí su caso."),
    "asesor_sale": Message(
        "Gracias por su paciencia. Sigo yo, el asistente; íbamos en: *{paso}*.",
        (CONTINUE, ("bye", "Terminar")),
    ),
    "asesor_devuelve": Message("Gracias por su paciencia. Sigo yo, el asistente."),
    # His own data
    "mis_datos": Message(
        "Esto guardo de este chat:\n"
        "*Servicio:* {servicio_mascara}\n"
        f"{lines('{mascara}')}\n"
        "*Autorización:* {consentimiento}\n\n"
        "Un asesor le entrega copia de todo, si la pide. ¿Qué desea hacer?",
        (
            ("fix_data", "Corregir datos"),
            ("erase", "Borrar conversación"),
            ("revoke", "Revocar permiso"),
        ),
        personal=True,
    ),
    "borrar": Message(
        "Borro lo que hemos hablado por aquí y lo que escribió. Quedan su permiso, el servicio "
        "unido a este chat y el último cambio, por si hay que deshacerlo. ¿Lo borro?",
        (("erase_yes", "Sí, borrar"), ("continue", "No")),
    ),
    "borrado": Message(
        "Listo, borré la conversación. Para borrarla también de su celular, elimine este chat. "
        "Cuando quiera, escriba *hola*."
    ),
    "revocar": Message(
        "Si quita el permiso, separo este chat de su servicio y borro lo que escribió. Lo que "
        "exige su contrato sigue en el sistema, como permite la ley. ¿Lo quito?",
        (("revoke_yes", "Sí, revocar"), ("continue", "No")),
    ),
    "revocado": Message(
        "Listo: quité su permiso el {fecha} y separé este chat de su servicio (radicado {codigo}). "
        "Si pidió suprimir otros datos, le respondemos en máximo 15 días hábiles. Si cambia de "
        "opinión, escriba *hola*."
    ),
    # What a customer comes for besides
    "con_gusto": Message("Con gusto."),
    "caso_falla": Message(
        "Qué pena con usted. Yo solo registro datos; de las fallas se encarga un asesor. ¿Lo paso? "
        "Cuéntele desde cuándo y qué luces ve en el equipo.",
        GO_ON,
    ),
    "caso_pago": Message("De pagos y facturas se encarga un asesor. ¿Lo paso?", GO_ON),
    "caso_plan": Message("De planes y contratos se encarga un asesor. ¿Lo paso?", GO_ON),
    "caso_traslado": Message("De traslados se encarga un asesor. ¿Lo paso?", GO_ON),
    "caso_venta": Message(
        "Con gusto: un asesor le cuenta los planes y si hay cobertura. ¿Lo paso?", GO_ON
    ),
    "caso_robot": Message(
        "Soy un asistente automático de {isp}. Si prefiere una persona, toque *Hablar con asesor*.",
        (PERSON, GO_ON[1]),
    ),
    "caso_seguro": Message(
        "Hace bien en preguntar. Este es el chat de {isp}: nunca le pido claves ni plata. Si tiene "
        "dudas, llame al {tel_isp}.",
        (PERSON, ("continue", "Seguir")),
    ),
    "caso_espera": Message("No hay afán. Me escribe cuando pueda y seguimos donde íbamos."),
    "caso_no_tengo": refusal(
        "No hay problema: me lo escribe cuando lo tenga, o lo atiende un asesor.", PERSON
    ),
    "caso_no_se": refusal("No hay problema. Si no lo sabe, lo ayuda un asesor.", PERSON),
    "caso_molesto": Message(
        "Qué pena con usted. Lo mejor es que lo atienda un asesor. ¿Lo paso?",
        (PERSON, ("continue", "Seguir")),
    ),
    "caso_ajeno": Message(
        "Puede hacerlo por el titular si tiene su cédula a la mano. Si no, lo atiende un asesor.",
        (("continue", "Seguir"), PERSON),
    ),
    "caso_titular": Message(
        "Puede hacerlo por el titular si tiene su cédula a la mano. Si falleció o el contrato pasa "
        "a otro nombre, lo atiende un asesor.",
        (PERSON, ("continue", "Seguir")),
    ),
    "caso_empresa": Message(
        "Si es de una empresa, escriba *NIT* y el número cuando le pida el documento, "
        "por ejemplo *NIT 900123456-8*. ¿Seguimos?",
        (("continue", "Seguir"), PERSON),
    ),
}
