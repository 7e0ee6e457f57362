"""What can be said in every state: help, media, reminders, a person, one's own data."""

from state.messages.fields import ALL, lines
from state.messages.message import CONTINUE, PERSON, RESTART, Message

TEXTS = {
    # At any time
    "ayuda": Message(
        f"Le ayudo a vincular su servicio y a actualizar {ALL}.\n\n"
        "Puede escribir:\n"
        "*atrás* – volver a la pregunta anterior\n"
        "*cancelar* – salir sin guardar\n"
        "*repetir* – ver otra vez la pregunta\n"
        "*estado* – saber en qué va su solicitud\n"
        "*mis datos* – ver, corregir o borrar sus datos\n"
        "*asesor* – hablar con una persona",
        (CONTINUE, RESTART, PERSON),
    ),
    "por_que": Message(
        "Pedimos la cédula para comprobar que usted es el titular y para que la próxima vez lo "
        "ubiquemos de inmediato. Nadie la verá completa en este chat."
    ),
    "estado": Message("Vamos en: *{paso}*."),
    "atras": Message("Volvamos a la pregunta anterior."),
    "cancelar_conf": Message(
        "¿Cancelamos? No se ha cambiado nada en su servicio y borraremos lo que escribió.",
        (("cancel_yes", "Sí, cancelar"), ("continue", "No, continuar")),
    ),
    "solicitud_retirar": Message(
        "Tiene la solicitud *{codigo}* en revisión: la decide un asesor y le avisamos por aquí. "
        "¿La retira? Si la deja, no tiene que hacer nada.",
        (("withdraw", "Sí, retirarla"), ("continue", "No, dejarla"), PERSON),
    ),
    "solicitud_retirada": Message(
        "Listo, retiramos la solicitud *{codigo}*. No cambiamos nada en su servicio. Cuando "
        "quiera, escriba *hola*."
    ),
    "solicitud_va": Message("Tiene la solicitud *{codigo}* en revisión: también se retira."),
    "cancelado": Message("Listo, cancelado. No cambiamos nada. Cuando quiera, escriba *hola*."),
    "tarde": Message(
        "Ya estamos guardando el cambio y no se puede detener. En unos segundos le contamos cómo "
        "quedó; si algo no está bien, un asesor lo corrige.",
        (PERSON,),
    ),
    "no_entendi_1": Message("Disculpe, no entendí."),
    "no_entendi_2": Message(
        "Sigo sin entender. Puede tocar un botón, escribir *ayuda* o hablar con una persona.",
        (("continue", "Repetir pregunta"), PERSON),
    ),
    "ofrecer_asesor": Message("Si prefiere, lo atiende una persona.", (PERSON,)),
    "edito": Message(
        "Vi que editó su mensaje. Ahora dice *{valor}*. ¿Usamos ese?",
        (("use_edit", "Sí, usar ese"), ("keep_edit", "No, el anterior")),
        personal=True,
    ),
    "edito_nota": Message(
        "Vi que editó su mensaje. Ese cambio no se toma solo: si corrigió algo, envíelo de nuevo, "
        "por favor."
    ),
    "solo_privado": Message(
        "Por la seguridad de sus datos solo atiendo en privado. Escríbame en un chat directo, por "
        "favor."
    ),
    "boton_viejo": Message("Ese botón es de un mensaje anterior. Ahora estamos aquí:"),
    "audio": Message(
        "Recibí su nota de voz, pero no puedo escucharla. Por favor escríbalo; si le queda "
        "difícil, escriba *asesor* y lo atiende una persona."
    ),
    "media": Message(
        "Recibí su archivo, pero por aquí no lo necesito y no lo guardaré. Por favor escriba el "
        "dato."
    ),
    "foto_doc": Message(
        "No envíe fotos de su cédula por este chat: basta con el número. No guardamos la imagen."
    ),
    "recordatorio": Message(
        "¿Seguimos? Íbamos en: *{paso}*. Le falta poco.",
        (CONTINUE, ("cancel", "Cancelar")),
    ),
    "expiro": Message(
        "Por seguridad borramos los datos que había escrito, porque pasó mucho tiempo. Cuando "
        "quiera, escriba *hola* y empezamos de nuevo."
    ),
    # A person
    "asesor_ok": Message(
        "Lo paso con un asesor. Ya puede ver lo que hemos hablado, así que no tiene que repetirlo.",
        (("bot", "Volver al asistente"),),
    ),
    "asesor_fuera": Message(
        "Su mensaje queda en la fila: nuestros asesores atienden {horario} y le responderán "
        "{cuando} por aquí. Mientras tanto puede seguir con el asistente.",
        (("bot", "Seguir asistente"), ("wait", "Esperar asesor")),
    ),
    "sin_avance": Message(
        "Por aquí no logramos avanzar: una persona revisará este chat y le escribirá.",
        (("bot", "Volver al asistente"),),
    ),
    "en_fila": Message(
        "Su mensaje quedó guardado y el asesor lo leerá. Sigue en la fila.",
        (("bot", "Volver al asistente"),),
    ),
    "asesor_entra": Message("Hola, soy {agente}, de {isp}. Ya leí su caso."),
    "asesor_sale": Message(
        "Gracias por su paciencia. Lo dejo de nuevo con el asistente; íbamos en: *{paso}*.",
        (CONTINUE, ("bye", "Terminar")),
    ),
    # His own data
    "mis_datos": Message(
        "Esto tenemos de este chat:\n"
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
        "Borraremos lo que hemos hablado por aquí y lo que escribió. Quedan su autorización, el "
        "servicio vinculado y el último cambio, por si hay que deshacerlo. "
        "¿Borramos?",
        (("erase_yes", "Sí, borrar"), ("continue", "No")),
    ),
    "borrado": Message(
        "Listo, borramos la conversación. Para borrarla también de su celular, elimine este chat. "
        "Cuando quiera, escriba *hola*."
    ),
    "revocar": Message(
        "Si revoca, desvinculamos este chat y olvidamos lo que escribió. Los datos que exige su "
        "contrato siguen en nuestro sistema, como permite la ley. ¿Revocamos?",
        (("revoke_yes", "Sí, revocar"), ("continue", "No")),
    ),
    "revocado": Message(
        "Listo. Revocamos su autorización el {fecha} y desvinculamos este chat (radicado "
        "{codigo}). Si pidió suprimir otros datos, respondemos en máximo 15 días hábiles."
    ),
}
