"""Coming in and finding the service: greeting, consent, identification."""

from state.messages.fields import ALL
from state.messages.message import CONSENT, CONTINUE, PERSON, RESTART, START, Message

CONSENT_VERSION = "2026-11"
"""Changes with the meaning of `consent`: a consent tells which text was agreed to."""

TEXTS = {
    # Coming in
    "despacio": Message(
        "Nos llegaron muchos mensajes suyos en un minuto. Los guardamos todos; espere un minuto y "
        "escríbanos de nuevo, por favor."
    ),
    "hola": Message(
        "Hola, {saludo}. Soy el asistente de {isp}. Le ayudo a vincular este chat con su servicio "
        f"de internet y a mantener al día {ALL}. Toma unos 2 minutos.\n\n"
        "En cualquier momento puede escribir: *atrás*, *cancelar*, *ayuda* o *asesor*.",
        (START, PERSON),
    ),
    "hola_otra_vez": Message(
        "Hola de nuevo. Habíamos quedado en: *{paso}*. Sus respuestas anteriores siguen guardadas.",
        (CONTINUE, RESTART, PERSON),
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
        (*CONSENT, ("more", "Ver más")),
    ),
    "consent_mas": Message(
        "En resumen: guardamos lo mínimo, con acceso solo de personal autorizado. La prueba de su "
        "autorización se conserva mientras sea cliente y por el tiempo que exija la ley. WhatsApp "
        "y Telegram procesan los mensajes en servidores fuera de Colombia. Si no autoriza, lo "
        "atendemos en {tel_isp} o en nuestra oficina: {direccion_isp}.",
        CONSENT,
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
        "Le explico corto: usamos sus datos solo para su servicio de internet, y usted puede pedir "
        "que los borremos cuando quiera. Sin su permiso no seguimos por aquí. ¿Autoriza?",
        (*CONSENT, PERSON),
    ),
    # Which service
    "id_compartir": Message(
        "Para empezar, comparta su número con el botón. Así sabemos que el celular es suyo, sin "
        "códigos, y ubicamos su servicio. Si tiene un código de invitación, escríbalo aquí.",
        (("rather_not", "Prefiero no hacerlo"),),
        contact=True,
    ),
    "id_tel_no": Message(
        "El número de este chat no está registrado en ningún servicio. Podemos buscarlo de otra "
        "forma."
    ),
    "id_tel_solo": Message(
        "El número de este chat no basta para ubicar su servicio. Busquémoslo de otra forma."
    ),
    "id_metodo": Message(
        "¿Con cuál dato buscamos su servicio? Le haremos {n_datos} preguntas cortas para "
        "comprobar que es "
        "suyo. Si tiene un código de invitación, escríbalo aquí.",
        (
            ("by_document", "Mi cédula"),
            ("by_service", "Número de servicio"),
            ("by_facts", "Datos de mi factura"),
        ),
    ),
    "id_doc": Message(
        "Escriba el número de documento del *titular* del servicio. Por ejemplo: 1098765432. "
        "Puede escribirlo con puntos o sin ellos."
    ),
    "id_fact_1": Message(
        "Le haré {n_datos} preguntas cortas; con 3 correctas basta. Si no sabe una, escriba *no "
        "sé*.\n\n"
        "{n_dato} de {n_datos}. ¿A nombre de quién está el servicio? Nombre y apellido."
    ),
    "id_fact_2": Message(
        "{n_dato} de {n_datos}. ¿Cuál es la dirección donde tiene el internet? Tal como aparece "
        "en la factura."
    ),
    "id_fact_3": Message("{n_dato} de {n_datos}. ¿Cómo se llama su plan? Por ejemplo: Plan 50MB."),
    "id_fact_4": Message(
        "{n_dato} de {n_datos}. ¿Cuánto paga al mes por el plan? Solo el número, por ejemplo: "
        "60000."
    ),
    # One-time codes
    "otp_pedir": Message(
        "Para confirmar que es usted, enviamos un código de 6 dígitos al número registrado, si hay "
        "uno. Escríbalo aquí. Vence en 10 minutos. Nunca lo comparta: nosotros no lo pedimos por "
        "llamada. Si no le llega, puede seguir sin él.",
        (("resend", "Reenviar código"), ("no_number", "No tengo ese número")),
    ),
    "otp_nuevo": Message(
        "Para confirmar que ese celular es suyo, le enviamos un código de 6 dígitos al número que "
        "termina en *{ult2}*. Escríbalo aquí. Vence en 10 minutos.",
        (("resend", "Reenviar código"), ("no_number", "Seguir sin código")),
    ),
    "otp_asesor": Message(
        "Un asesor va a llamar al número registrado y le dictará un código de 6 dígitos. "
        "Escríbalo aquí.",
        (("no_number", "No tengo ese número"), PERSON),
    ),
    "otp_seis": Message(
        "El código tiene 6 dígitos. Escríbalo aquí, por favor.",
        (("resend", "Reenviar código"), ("no_number", "Seguir sin código")),
    ),
    "otp_mal": Message(
        "Ese código no es correcto. Le quedan {quedan} intentos.",
        (("resend", "Reenviar código"), ("no_number", "Seguir sin código")),
    ),
    "otp_fin": Message(
        "El código ya no es válido. Seguimos sin él: un asesor revisará lo que haga falta."
    ),
    "otp_no_salio": Message(
        "En este momento no podemos enviar el código. Seguimos sin él: un asesor revisará lo que "
        "haga falta."
    ),
    "id_varios": Message("Encontramos más de un servicio. ¿Cuál desea vincular?"),
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
        (("mine", "Sí, es el mío"), ("not_mine", "No es el mío"), PERSON),
    ),
    "id_link_mal": Message(
        "Esa invitación ya venció o ya se usó. No hay problema: podemos identificar su servicio "
        "de otra forma.",
        (CONTINUE, PERSON),
    ),
    "id_tel_ajeno": Message(
        "Ese contacto no es el de esta cuenta. Use el botón *Compartir mi número*, que envía el "
        "suyo, o escriba el celular."
    ),
    "id_no": Message(
        "Con esos datos no pudimos confirmar que usted es el titular. Por su seguridad no damos "
        "más detalle por aquí. Le quedan {n} intentos.",
        (("other", "Probar otro dato"), PERSON),
    ),
    "id_fin": Message(
        "Por seguridad pausamos la búsqueda en este chat. Ya avisamos a nuestro equipo para que "
        "lo atienda una persona; también puede llamar al {tel_isp}.",
        (("bot", "Volver al asistente"),),
    ),
    "err_consulta": Message(
        "El sistema de clientes no está disponible en este momento y no pudimos buscar su "
        "servicio. No se perdió nada.",
        (("retry", "Intentar otra vez"), ("other", "Probar otro dato"), PERSON),
    ),
}
