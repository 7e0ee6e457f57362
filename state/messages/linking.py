"""Coming in and finding the service: greeting, consent, identification."""

from state.messages.fields import ALL
from state.messages.message import CONSENT, CONTINUE, PERSON, RESTART, START, Message, refusal

CONSENT_VERSION = "2026-11"
"""Changes with the meaning of `consent`: a consent tells which text was agreed to."""

TERMS = ("consent", "consent_mas")
"""What is agreed to: the question, and what stands behind its button "more"."""

TEXTS = {
    # Coming in
    "despacio": Message(
        "Me llegaron muchos mensajes suyos en un minuto. Los guardé todos: espere un minuto y "
        "escríbame de nuevo, por favor."
    ),
    "hola": Message(
        "Hola, {saludo}. Soy el asistente automático de {isp}. Por aquí registro "
        f"{ALL} en su servicio de internet; son 2 minutos.\n\n"
        "Si es por otra cosa (sin internet, pagos), toque *Hablar con asesor*.",
        (START, PERSON),
    ),
    "hola_otra_vez": Message(
        "Hola de nuevo. Íbamos en: *{paso}*. Guardé lo que ya respondió. ¿Seguimos?",
        (CONTINUE, RESTART, PERSON),
    ),
    "ya_vinculado": Message(
        "Este chat ya está unido a:\n{servicio_mascara}\n\n¿Qué desea hacer?",
        (
            ("update", "Actualizar mis datos"),
            ("another", "Vincular otro"),
            ("unlink", "Desvincular"),
        ),
    ),
    "desvinculado": Message(
        "Listo, este chat ya no está unido a ningún servicio. Sus datos en {isp} no cambiaron. "
        "Cuando quiera, escriba *hola*."
    ),
    "despedida": Message("Con gusto. Cuando necesite algo más, escriba *hola*."),
    # Consent
    "consent": Message(
        "{razon_social} (NIT {nit}) pide permiso para usar su nombre, cédula, celular y "
        "dirección: comprobar que el servicio es suyo, tener sus datos al día y atenderlo por "
        "aquí. Nada de publicidad.\n\n"
        "Es voluntario. Puede conocer, corregir o borrar sus datos, quitar el permiso y quejarse "
        "ante la SIC. Contactos y política (Ley 1581): *Ver más*. ¿Autoriza?",
        (*CONSENT, ("more", "Ver más")),
    ),
    "consent_mas": Message(
        "Su autorización (Ley 1581 de 2012), completa:\n\n"
        "*Responsable:* {razon_social}, NIT {nit}, {direccion_isp}, {tel_isp}, {email_isp}.\n"
        "*Datos:* documento, celular, nombre, dirección del servicio y los mensajes de este chat. "
        "Los ve solo personal autorizado. WhatsApp y Telegram los procesan fuera de Colombia.\n"
        "*Derechos:* conocer, actualizar, rectificar y pedir que eliminemos sus datos, pedir "
        "prueba de este permiso, revocarlo y quejarse ante la SIC: escriba *mis datos* o "
        "*revocar*, o a {email_isp}. La prueba se conserva mientras sea cliente y por el tiempo "
        "que exija la ley.\n"
        "*Política:* {url_politica}\n\n"
        "Si no autoriza, lo atienden en {tel_isp} o en {direccion_isp}. ¿Autoriza?",
        CONSENT,
    ),
    "consent_no": Message(
        "Entendido: no guardo sus datos ni cambio nada. También lo atienden en {tel_isp} o en "
        "{direccion_isp}. Si cambia de opinión, escriba *hola*."
    ),
    "consent_ok": Message("Gracias, quedó registrado (código {codigo})."),
    "consent_ambiguo": Message(
        "Le explico corto: usamos sus datos solo para su servicio de internet, y usted puede pedir "
        "que los borremos cuando quiera. Sin su permiso no seguimos por aquí. ¿Autoriza?",
        (*CONSENT, PERSON),
    ),
    # Which service
    "id_compartir": Message(
        "Toque *Compartir mi número*, aquí abajo: con eso ubico su servicio. Si no quiere o no le "
        "aparece, escriba su cédula o su código de invitación.",
        (("rather_not", "Prefiero no hacerlo"),),
        contact=True,
    ),
    "id_tel_no": Message("No encontré este número en ningún servicio."),
    "id_tel_solo": Message("Este número no basta para ubicar su servicio."),
    "id_metodo": Message(
        "Escríbame la cédula del titular, o elija otra forma. Después le hago {n_datos} preguntas "
        "cortas; con un código de invitación, ninguna.",
        (
            ("by_document", "Mi cédula"),
            ("by_service", "Número de servicio"),
            ("by_facts", "Datos de mi factura"),
        ),
    ),
    "id_doc": Message(
        "Escriba el número de documento del *titular* del servicio, por ejemplo 1098765432."
    ),
    "id_fact_1": Message(
        "{n_datos} preguntas cortas para comprobar que es suyo. Si no sabe el plan o el valor, "
        "escriba *no sé*.\n\n"
        "{n_dato} de {n_datos}. ¿A nombre de quién está el servicio? Nombre y apellido."
    ),
    "id_fact_2": Message(
        "{n_dato} de {n_datos}. ¿En qué dirección está el internet? Por ejemplo: *Carrera 15 # "
        "80-21, barrio Las Flores*."
    ),
    "id_fact_3": Message(
        "{n_dato} de {n_datos}. ¿Cómo se llama su plan? Por ejemplo: *Plan 50MB*."
    ),
    "id_fact_4": Message(
        "{n_dato} de {n_datos}. ¿Cuánto paga al mes por el plan? Solo el número, por ejemplo "
        "*60000*."
    ),
    "dato_corto": Message("Así no me alcanza para comprobarlo."),
    # One-time codes
    "otp_pedir": Message(
        "Le envié un código de 6 dígitos al número registrado, si hay uno. Escríbalo aquí antes "
        "de 10 minutos. No lo comparta: nadie se lo pide por llamada. Si no le llega, puede "
        "seguir sin él.",
        (("resend", "Reenviar código"), ("no_number", "No tengo ese número")),
    ),
    "otp_nuevo": Message(
        "Para saber que ese celular es suyo, le envié un código de 6 dígitos al número que "
        "termina en *{ult2}*. Escríbalo aquí antes de 10 minutos.",
        (("resend", "Reenviar código"), ("no_number", "Seguir sin código")),
    ),
    "otp_asesor": Message(
        "Un asesor va a llamar al número registrado y le dictará un código de 6 dígitos. "
        "Escríbalo aquí.",
        (("no_number", "No tengo ese número"), PERSON),
    ),
    "otp_seis": refusal("El código tiene 6 dígitos. Escríbalo aquí, por favor."),
    "otp_mal": refusal(
        "Ese código no es correcto. Escríbalo otra vez. Intentos que le quedan: {quedan}."
    ),
    "otp_fin": Message(
        "El código ya no es válido. Seguimos sin él: un asesor revisa lo que haga falta."
    ),
    "otp_no_salio": Message(
        "Ahora no puedo enviar el código. Seguimos sin él: un asesor revisa lo que haga falta."
    ),
    "id_varios": Message(
        "Tiene más de un servicio. ¿Cuál registramos? Después puede agregar el otro.",
        (("none", "Ninguno es el mío"),),
    ),
    "id_serv": Message(
        "Escriba su número de servicio, por ejemplo 12345. Está en su factura, junto a *N.º de "
        "servicio*. Si tiene un código de invitación, escríbalo."
    ),
    "serv_sin_numero": refusal(
        "Aquí necesito su número de servicio, por ejemplo 12345. Si no lo sabe, escriba *atrás* "
        "y busco con otro dato.",
        PERSON,
    ),
    "serv_varios": refusal("Leí más de un número. Escriba solo el de servicio."),
    "serv_longitud": refusal(
        "Ese número es muy largo: el de servicio tiene máximo 9 dígitos. Escríbalo otra vez."
    ),
    "id_gracias": Message("Un momento mientras lo reviso."),
    "id_link_ok": Message(
        "Recibí su invitación. Corresponde a:\n{servicio_mascara}\n\n¿Es el suyo?",
        (("mine", "Sí, es el mío"), ("not_mine", "No es el mío"), PERSON),
    ),
    "id_link_mal": Message(
        "Esa invitación ya venció o ya se usó. No hay problema: busquemos su servicio de otra "
        "forma.",
        (CONTINUE, PERSON),
    ),
    "id_tel_ajeno": refusal(
        "Ese contacto no es el de este chat. Comparta el suyo o responda de otra forma.",
        contact=True,
    ),
    "id_no": Message(
        "Con esos datos no pude confirmar que usted es el titular. Por su seguridad no doy más "
        "detalle. ¿Probamos con otro dato? Intentos que le quedan: {n}.",
        (("other", "Probar otro dato"), PERSON),
    ),
    "id_fin": Message(
        "Por seguridad dejo de buscar en este chat. Ya avisé para que lo atienda un asesor; "
        "también puede llamar al {tel_isp}.",
        (("bot", "Volver al asistente"),),
    ),
    "err_consulta": Message(
        "El sistema de clientes no responde en este momento y no pude buscar su servicio. No se "
        "perdió nada. ¿Lo intento otra vez?",
        (("retry", "Intentar otra vez"), ("other", "Probar otro dato"), PERSON),
    ),
}
