"""What staff read of what a customer writes about: a few words for each matter."""

from state.fields.matters import Matter

MATTERS = {
    Matter.PERSON: "pidió una persona",
    Matter.HOLDER_DIED: "el titular falleció",
    Matter.OUTAGE: "sin internet",
    Matter.PAYMENT: "un pago",
    Matter.BILL: "su factura",
    Matter.MOVING: "un traslado",
    Matter.SALE: "contratar",
    Matter.OTHERS_SERVICE: "el servicio de otra persona",
    Matter.COMPANY: "una empresa",
    Matter.PLAN: "su plan",
    Matter.SAFE: "si es seguro",
    Matter.WHY: "por qué se le pregunta",
    Matter.ROBOT: "si es un robot",
    Matter.WAIT: "pidió un momento",
    Matter.MISSING: "no tiene el dato",
    Matter.UNKNOWN: "no sabe el dato",
    Matter.ANGER: "está molesto",
    Matter.THANKS: "dio las gracias",
}
"""What a customer wrote about last, besides the answers."""

assert MATTERS.keys() == set(Matter)
