"""What a linked customer hears of the service: balance, plan, outage, and a technician's questions.

A message of several texts ends with one that says what to do; the buttons are that one's.
"""

from state.inquiry import Supply
from state.messages.message import PERSON, Message

_THANKS = ("bye", "Gracias")
_OWED = ("ask_balance", "Cuánto debo")
_TO_THE_BOT = (("bot", "Volver al asistente"),)

SUPPLIES = {
    Supply.ACTIVE: "activo",
    Supply.SUSPENDED: "suspendido",
    Supply.CANCELLED: "retirado",
    Supply.UNKNOWN: "no aparece",
}
"""What customers call it."""

TEXTS = {
    "consultando": Message("Un momento, ya lo miro.", progress=True),
    "consulta_fin": Message("Si necesita algo más, escríbamelo.", (PERSON, _THANKS)),
    "consulta_no": Message(
        "En este momento no pude consultarlo. Lo paso con un asesor: le responde por aquí, no "
        "tiene que repetirlo.",
        _TO_THE_BOT,
    ),
    "consulta_muchas": Message(
        "Ya lo miré varias veces hace poco. Para no darle más vueltas lo paso con un asesor: le "
        "responde por aquí.",
        _TO_THE_BOT,
    ),
    # What is owed
    "saldo_debe": Message("Debe *{suma}* por el {servicio}.", personal=True),
    "saldo_debe_varias": Message(
        "Debe *{suma}* por el {servicio}: son {facturas} facturas.", personal=True
    ),
    "saldo_vence": Message("Puede pagar hasta el *{dia}*.", personal=True),
    "saldo_vencido": Message("El plazo venció el *{dia}*.", personal=True),
    "saldo_enlace": Message("Pague aquí: {enlace}", personal=True),
    "saldo_fin": Message(
        "Si ya pagó, o algo no le cuadra, lo mira un asesor.", (PERSON, _THANKS)
    ),
    "saldo_cero": Message("No debe nada por el {servicio}: está al día.", personal=True),
    "saldo_a_favor": Message(
        "No debe nada por el {servicio}, y tiene *{suma}* a favor.", personal=True
    ),
    # The service
    "servicio_datos": Message(
        "*Servicio:* {numero}\n*Plan:* {plan}\n*Estado:* {estado}", personal=True
    ),
    "servicio_datos_corte": Message(
        "*Servicio:* {numero}\n*Plan:* {plan}\n*Estado:* {estado}\n*Fecha de corte:* {dia}",
        personal=True,
    ),
    "servicio_fin": Message(
        "¿Algo más? Toque una opción o escríbamelo.", (_OWED, PERSON, _THANKS)
    ),
    # No internet
    "falla_conocida": Message(
        "Hay una falla general en su zona, que ya conocemos. No tiene que reportarla."
    ),
    "falla_conocida_dice": Message(
        "Hay una falla general en su zona, que ya conocemos: {detalle}. No tiene que reportarla."
    ),
    "falla_conocida_fin": Message(
        "Si más tarde sigue igual, escríbame *no tengo internet*.", (PERSON, _THANKS)
    ),
    "falla_suspendido": Message("Su {servicio} aparece *suspendido*.", personal=True),
    "falla_suspendido_fin": Message(
        "Un asesor le dice por qué y qué hacer para activarlo.", (PERSON, _THANKS)
    ),
    "falla_por_pago": Message(
        "Su {servicio} aparece *suspendido* y tiene facturas por pagar.", personal=True
    ),
    "falla_por_pago_fin": Message(
        "Mire cuánto debe y dónde pagar. Si ya pagó, lo mira un asesor.", (_OWED, PERSON)
    ),
    "falla_retirado": Message("Su {servicio} aparece *retirado*.", personal=True),
    "falla_sin_motivo": Message(
        "No veo una falla general en su zona, y su servicio no está suspendido."
    ),
    "falla_sin_motivo_fin": Message(
        "Si quiere que lo revise un asesor, toque *Hablar con asesor*.", (PERSON, _THANKS)
    ),
    "falla_revisar": Message("Para que lo revise un asesor, escriba *asesor*."),
    "falla_preguntas": Message("Se lo paso a un asesor. Antes, 3 preguntas cortas para él."),
    "falla_desde": Message(
        "¿Desde cuándo le falla el internet?",
        (("since_today", "Desde hoy"), ("since_before", "Desde antes"), PERSON),
    ),
    "falla_luces": Message(
        "¿Qué luces ve en el equipo? Cuénteme si hay alguna roja o si está apagado.",
        (("lights_red", "Hay una roja"), ("lights_fine", "Se ven normales"),
         ("lights_off", "Está apagado")),
    ),
    "falla_equipos": Message(
        "¿Le falla en todos los equipos, por cable y por wifi, o solo en uno?",
        (("devices_all", "En todos"), ("devices_one", "Solo en uno"),
         ("devices_wifi", "Solo por wifi")),
    ),
    "falla_pasa": Message(
        "Un asesor ya tiene lo que me contó de la falla y le escribe por aquí. Si nota algo más, "
        "escríbalo en este chat.",
        _TO_THE_BOT,
    ),
    "falla_sin_consulta": Message(
        "En este momento no pude consultar su servicio. Lo paso con un asesor: cuéntele aquí desde "
        "cuándo está sin internet y qué luces ve en el equipo.",
        _TO_THE_BOT,
    ),
}  # fmt: skip

assert SUPPLIES.keys() == set(Supply)
