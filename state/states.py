"""The states of the dialog, each named after what the bot waits for."""

from enum import StrEnum


class State(StrEnum):
    """Where the dialog stands; the values are stored."""

    START = "inicio"
    GREETING = "saludo"
    CONSENT = "autorizacion"
    SHARING = "compartir"
    METHOD = "metodo"
    SERVICE = "servicio"
    HOLDER = "titular"
    NAME = "nombre"
    ADDRESS = "direccion"
    PLAN = "plan"
    PRICE = "precio"
    FINDING = "buscando"
    PICK = "elegir"
    CODE = "codigo"
    CONFIRM_SERVICE = "confirmar_servicio"
    DOCUMENT = "cedula"
    CONFIRM_DOCUMENT = "confirmar_cedula"
    PHONE = "celular"
    CONFIRM_PHONE = "confirmar_celular"
    SUMMARY = "resumen"
    CORRECTION = "correccion"
    REVIEW = "en_revision"
    UPDATING = "guardando"
    RETRYING = "reintentando"
    DONE = "terminado"
