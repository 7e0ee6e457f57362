"""The catalogue: every text the bot says, in Spanish (Colombia, "usted"), with its buttons.

Placeholders in braces are filled by `handlers.texts`: those of the company (`isp`, `razon_social`,
`nit`, `direccion_isp`, `tel_isp`, `email_isp`, `url_politica`) and of the moment from there, all
others from the machine. No emoji: screen readers and old phones. Limits of both vendors are
checked by a test: 1,024 characters with buttons, three buttons, 20 characters a label.
"""

from dataclasses import dataclass

CONSENT_VERSION = "2026-11"
"""Changes with the meaning of `consent`: a consent tells which text was agreed to."""


@dataclass(frozen=True, slots=True)
class Message:
    """One text and the choices offered with it: (what the machine understands, the label).

    `contact` asks the channel to offer its own "share my number" button as well.
    """

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    contact: bool = False


_START = ("start", "Empezar")
_PERSON = ("person", "Hablar con asesor")
_CONTINUE = ("continue", "Continuar")
_RESTART = ("restart", "Empezar de nuevo")
_YES = ("yes", "Sí, es correcto")
_AGAIN = ("again", "Escribirlo otra vez")
_CONSENT = (("agree", "Sí, autorizo"), ("refuse", "No autorizo"))

CATALOGUE: dict[str, Message] = {
    # Coming in
    "despacio": Message(
        "Nos llegaron muchos mensajes suyos en un minuto. Los guardamos todos; espere un minuto y "
        "escríbanos de nuevo, por favor."
    ),
    "hola": Message(
        "Hola, {saludo}. Soy el asistente de {isp}. Le ayudo a vincular este chat con su servicio "
        "de internet y a mantener al día su cédula y su celular. Toma unos 2 minutos.\n\n"
        "En cualquier momento puede escribir: *atrás*, *cancelar*, *ayuda* o *asesor*.",
        (_START, _PERSON),
    ),
    "hola_otra_vez": Message(
        "Hola de nuevo. Habíamos quedado en: *{paso}*. Sus respuestas anteriores siguen guardadas.",
        (_CONTINUE, _RESTART, _PERSON),
    ),
    "ya_vinculado": Message(
        "Este chat ya está vinculado con:\n{servicio_mascara}\n\n¿Qué desea hacer?",
        (
            ("update", "Actualizar mis datos"),
            ("another", "Vincular otro"),
            ("unlink", "Desvincular"),
        ),
    ),
    "desvinculado": Message(
        "Listo, este chat ya no está vinculado con ningún servicio. Sus datos en el sistema de "
        "{isp} no cambiaron. Cuando quiera, escriba *hola*."
    ),
    "despedida": Message("Con gusto. Cuando necesite algo más, escriba *hola*."),
    # Consent
    "consent": Message(
        "Antes de continuar, su autorización (Ley 1581 de 2012):\n\n"
        "*Responsable:* {razon_social}, NIT {nit}, {direccion_isp}, {tel_isp}, {email_isp}.\n"
        "*Para qué:* comprobar que usted es el titular, actualizar su documento y su celular en "
        "nuestro sistema y atenderlo por este chat. No los usaremos para publicidad.\n"
        "*Qué datos:* documento, celular, nombre, dirección del servicio y los mensajes de este "
        "chat.\n"
        "*Sus derechos:* conocer, actualizar, rectificar y pedir que eliminemos sus datos, pedir "
        "prueba de esta autorización, revocarla y quejarse ante la SIC. Escriba *mis datos* o "
        "*revocar* cuando quiera, o use {email_isp}.\n"
        "*Política completa:* {url_politica}\n\n"
        "Responder es voluntario. ¿Autoriza?",
        (*_CONSENT, ("more", "Ver más")),
    ),
    "consent_mas": Message(
        "En resumen: guardamos lo mínimo, con acceso solo de personal autorizado. La prueba de su "
        "autorización se conserva mientras sea cliente y por el tiempo que exija la ley. WhatsApp "
        "y Telegram procesan los mensajes en servidores fuera de Colombia. Si no autoriza, lo "
        "atendemos en {tel_isp} o en nuestra oficina: {direccion_isp}.",
        _CONSENT,
    ),
    "consent_no": Message(
        "Entendido: no guardaremos sus datos ni cambiaremos nada. Si cambia de opinión, escriba "
        "*hola*. También puede llamarnos al {tel_isp} o visitarnos en {direccion_isp}."
    ),
    "consent_ok": Message(
        "Gracias. Quedó registrada su autorización el {fecha} (código {codigo}). Puede revocarla "
        "escribiendo *revocar*."
    ),
    "consent_ambiguo": Message(
        "Para continuar necesito un sí o un no claro. ¿Autoriza el tratamiento de sus datos?",
        _CONSENT,
    ),
    # Which service
    "id_serv": Message(
        "Escriba su número de servicio. Lo encuentra en su factura, junto a *N.º de servicio*. Son "
        "solo números, por ejemplo: 12345. Si tiene un código de invitación, escríbalo aquí."
    ),
    "serv_sin_numero": Message(
        "No vi un número de servicio en su mensaje. Escriba solo el número, por ejemplo: 12345."
    ),
    "serv_varios": Message("Recibí más de un número. Escriba solo el número de servicio."),
    "serv_longitud": Message(
        "Ese número es demasiado largo para un número de servicio, que tiene máximo 9 dígitos. "
        "Revíselo y escríbalo otra vez, por favor."
    ),
    "id_gracias": Message("Gracias. Un momento mientras lo revisamos."),
    "id_link_ok": Message(
        "Recibí su invitación. Corresponde a:\n{servicio_mascara}\n\n¿Es el suyo?",
        (("mine", "Sí, es el mío"), ("not_mine", "No es el mío"), _PERSON),
    ),
    "id_link_mal": Message(
        "Esa invitación ya venció o ya se usó. No hay problema: podemos identificar su servicio "
        "de otra forma.",
        (_CONTINUE, _PERSON),
    ),
    "id_tel_ajeno": Message(
        "Ese contacto no es el de esta cuenta. Use el botón *Compartir mi número*, que envía el "
        "suyo, o escriba el celular."
    ),
    "id_no": Message(
        "Con ese dato no pudimos ubicar un servicio. Por su seguridad no damos más detalle por "
        "aquí. Le quedan {n} intentos.",
        (("other", "Probar otro dato"), _PERSON),
    ),
    "id_fin": Message(
        "Por seguridad pausamos la búsqueda en este chat. Ya avisamos a nuestro equipo para que "
        "lo atienda una persona; también puede llamar al {tel_isp}.",
        (("bot", "Volver al asistente"),),
    ),
    "err_consulta": Message(
        "El sistema de clientes no está disponible en este momento y no pudimos buscar su "
        "servicio. No se perdió nada.",
        (("retry", "Intentar otra vez"), _PERSON),
    ),
    # Document
    "doc_pedir": Message(
        "*Paso 1 de 3.* Escriba su número de cédula, como aparece en el documento. Por ejemplo: "
        "1098765432.\n\n"
        "Si tiene otro documento, escríbalo así: *CE 345678*, *PPT 1234567*, *NIT 900123456-8* o "
        "*pasaporte AB123456*."
    ),
    "doc_tenemos": Message(
        "*Paso 1 de 3.* Tenemos registrado un documento que termina en *{ult3}*. ¿Sigue siendo el "
        "correcto?",
        (("keep", "Sí, es correcto"), ("change", "Cambiarlo")),
    ),
    "doc_sin_numero": Message(
        "No vi un número en su mensaje. Escriba solo su cédula, por ejemplo: 1098765432."
    ),
    "doc_longitud": Message(
        "Ese número tiene {n} dígitos y una cédula tiene entre 6 y 10. Revíselo y escríbalo otra "
        "vez, por favor."
    ),
    "doc_nueve": Message(
        "Ese número tiene 9 dígitos. Las cédulas tienen 8 o menos, o 10. ¿Le falta o le sobra un "
        "dígito? Si es un NIT, escriba *NIT* antes del número.",
        (("yes", "Está bien así"), _AGAIN),
    ),
    "doc_parece_cel": Message(
        "Ese número parece un celular ({num}). ¿Es su cédula o su celular?",
        (("yes", "Es mi cédula"), ("again", "Es mi celular")),
    ),
    "doc_letras": Message(
        "La cédula lleva solo números. Si su documento es otro, escriba primero cuál: *CE*, *PPT*, "
        "*NIT* o *pasaporte*."
    ),
    "doc_varios": Message("Recibí más de un número. Escriba en este mensaje solo el de la cédula."),
    "doc_cero": Message(
        "Una cédula no empieza por cero. Revísela y escríbala otra vez, por favor."
    ),
    "doc_otro_longitud": Message(
        "Ese número tiene {n} dígitos y no corresponde a ese documento. Revíselo y escríbalo otra "
        "vez, por favor."
    ),
    "doc_pasaporte": Message(
        "Un pasaporte tiene entre 6 y 14 letras y números. Escríbalo así: *pasaporte AB123456*."
    ),
    "doc_venezolana": Message(
        "Ese parece un documento de Venezuela. Escriba el que usa en Colombia: *PPT 1234567*, "
        "*CE 345678* o *pasaporte 123456789*."
    ),
    "doc_dv": Message(
        "El dígito de verificación del NIT no coincide. Revise el número después del guion, por "
        "ejemplo: 900123456-8."
    ),
    "doc_menor": Message(
        "El titular del servicio debe ser mayor de edad, y no guardamos documentos de menores por "
        "este chat. Escriba la cédula del titular o hable con un asesor.",
        (("again", "Escribir cédula"), _PERSON),
    ),
    "doc_raro": Message("Solo para estar seguros: ¿su documento es *{doc}*?", (_YES, _AGAIN)),
    # Phone
    "tel_pedir": Message(
        "*Paso 2 de 3.* ¿Cuál celular dejamos registrado en su servicio? A ese número le llegarán "
        "los avisos. Escríbalo a 10 dígitos, por ejemplo: 300 123 4567.",
        (("keep", "Dejar el actual"),),
        contact=True,
    ),
    "tel_escribir": Message(
        "*Paso 2 de 3.* Escriba su celular a 10 dígitos, por ejemplo: 300 123 4567. Si es de otro "
        "país, empiece con + y el código, por ejemplo: +58 412 123 4567.",
        contact=True,
    ),
    "tel_sin_numero": Message(
        "No vi un número en su mensaje. Escriba su celular a 10 dígitos, por ejemplo: 300 123 4567."
    ),
    "tel_longitud": Message(
        "Un celular de Colombia tiene 10 dígitos y empieza por 3. Recibí {n}. Escríbalo otra vez, "
        "por favor."
    ),
    "tel_rango": Message(
        "Ese número no parece un celular válido. Por ejemplo: 300 123 4567. Si es de otro país, "
        "empiece con +."
    ),
    "tel_fijo": Message(
        "Ese es un teléfono fijo y no recibe mensajes. ¿Lo registramos de todos modos?",
        (("yes", "Sí, registrarlo"), ("again", "Escribir un celular")),
    ),
    "tel_correo": Message(
        "Eso parece un correo. Escriba su celular a 10 dígitos, por ejemplo: 300 123 4567."
    ),
    "tel_raro": Message(
        "No reconocemos ese número como un celular: *{num}*. ¿Está bien escrito?",
        (("yes", "Sí, está bien"), ("again", "Escribir otro")),
    ),
    "tel_extranjero": Message(
        "Ese número es de otro país: *{num}*. ¿Lo registramos así?",
        (("yes", "Sí, registrarlo"), ("again", "Escribir otro")),
    ),
    "tel_fijo_viejo": Message(
        "Los fijos ahora tienen 10 dígitos y empiezan por 60 y el indicativo, por ejemplo: "
        "601 234 5678. Escríbalo así o escriba un celular."
    ),
    "tel_parece_doc": Message(
        "Ese número parece una cédula. Escriba su celular, que empieza por 3."
    ),
    "tel_varios": Message("Recibí más de un número. ¿Cuál es el principal? Escriba solo uno."),
    # Summary
    "resumen": Message(
        "*Paso 3 de 3.* Revise antes de guardar:\n\n"
        "*Servicio:* {servicio_mascara}\n"
        "*Documento:* {doc_antes} → *{doc_nuevo}*\n"
        "*Celular:* {tel_antes} → *{tel_nuevo}*\n\n"
        "Si algo no está bien, toque *Corregir*. ¿Guardamos?",
        (("save", "Sí, guardar"), ("correct", "Corregir"), ("cancel", "Cancelar")),
    ),
    "corregir": Message(
        "¿Qué desea corregir?",
        (
            ("fix_document", "La cédula"),
            ("fix_phone", "El celular"),
            ("fix_service", "El servicio"),
        ),
    ),
    "sin_cambios": Message(
        "Sus datos ya están al día: no hay nada por cambiar. ¿Algo más?",
        (("bye", "No, gracias"), _PERSON),
    ),
    "guardando": Message("Guardando… Esto tarda unos segundos."),
    # Result
    "ok": Message(
        "{mensaje_operacion}\n\nQuedó así:\n*Documento:* {doc_nuevo}\n*Celular:* {tel_nuevo}\n"
        "Comprobante: *{codigo}*\n\nSi usted no pidió este cambio, escriba *no fui yo*.",
        (("bye", "Listo, gracias"), _PERSON),
    ),
    "en_aprobacion": Message(
        "Recibimos su solicitud. Como se trata de datos importantes, un asesor la revisará antes "
        "de guardarla. Le responderemos por aquí. Solicitud *{codigo}*.",
        (("bot", "Volver al asistente"),),
    ),
    "err_400": Message(
        "{mensaje_operacion}\n\nNo cambiamos nada. Revisemos sus datos e intentemos otra vez.",
        (("correct", "Corregir"), _PERSON),
    ),
    "err_404": Message(
        "{mensaje_operacion}\n\nNo cambiamos nada. El servicio pudo haber cambiado de número; "
        "puede buscarlo otra vez o lo revisa un asesor.",
        (("fix_service", "Buscar otra vez"), _PERSON),
    ),
    "err_500": Message(
        "{mensaje_operacion}\n\nEl sistema no respondió bien. Sus datos están guardados aquí y lo "
        "intentaremos de nuevo sin que usted tenga que hacer nada. Le avisaremos. Solicitud "
        "*{codigo}*.",
        (_PERSON,),
    ),
    "err_agotado": Message(
        "{mensaje_operacion}\n\nLo intentamos varias veces y el sistema no guardó el cambio. Un "
        "asesor lo hará a mano y le avisará. Disculpe la demora. Solicitud *{codigo}*."
    ),
    "espera": Message(
        "Seguimos intentando guardar su solicitud *{codigo}*. Le avisaremos por aquí; no tiene "
        "que hacer nada.",
        (_PERSON,),
    ),
    "no_fui_yo": Message(
        "Gracias por avisar. No haremos más cambios por este chat hasta que un asesor lo revise y "
        "lo contacte."
    ),
    # At any time
    "ayuda": Message(
        "Le ayudo a vincular su servicio y a actualizar su cédula y su celular.\n\n"
        "Puede escribir:\n"
        "*atrás* – volver a la pregunta anterior\n"
        "*cancelar* – salir sin guardar\n"
        "*repetir* – ver otra vez la pregunta\n"
        "*estado* – saber en qué va su solicitud\n"
        "*mis datos* – ver o corregir sus datos\n"
        "*asesor* – hablar con una persona",
        (_CONTINUE, _RESTART, _PERSON),
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
    "cancelado": Message("Listo, cancelado. No cambiamos nada. Cuando quiera, escriba *hola*."),
    "tarde": Message(
        "Ya estamos guardando el cambio y no se puede detener. En unos segundos le contamos cómo "
        "quedó; si algo no está bien, un asesor lo corrige.",
        (_PERSON,),
    ),
    "no_entendi_1": Message("Disculpe, no entendí."),
    "no_entendi_2": Message(
        "Sigo sin entender. Puede tocar un botón, escribir *ayuda* o hablar con una persona.",
        (("continue", "Repetir pregunta"), _PERSON),
    ),
    "ofrecer_asesor": Message("Si prefiere, lo atiende una persona.", (_PERSON,)),
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
        (_CONTINUE, ("cancel", "Cancelar")),
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
    "en_fila": Message(
        "Su mensaje quedó guardado y el asesor lo leerá. Sigue en la fila.",
        (("bot", "Volver al asistente"),),
    ),
    "asesor_entra": Message("Hola, soy {agente}, de {isp}. Ya leí su caso."),
    "asesor_sale": Message(
        "Gracias por su paciencia. Lo dejo de nuevo con el asistente; íbamos en: *{paso}*.",
        (_CONTINUE, ("bye", "Terminar")),
    ),
    # His own data
    "mis_datos": Message(
        "Esto tenemos de este chat:\n"
        "*Servicio:* {servicio_mascara}\n"
        "*Documento:* {doc_mascara}\n"
        "*Celular:* {tel_mascara}\n"
        "*Autorización:* {consentimiento}\n\n"
        "¿Qué desea hacer?",
        (_CONTINUE, ("revoke", "Revocar permiso"), _PERSON),
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
