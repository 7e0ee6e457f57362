"""Invented customers from a fixed seed; any resemblance is coincidence.

As in the real WispHub, most have several phones in one string, some have no document or phone, some
have several services under one document.
"""

import random
from functools import cache
from typing import Any

import msgspec

from bot.sandbox.accounts import find_columns

FIRST_SERVICE = 1001
COUNT = 300

_NAMES = (
    "Ana", "Luis", "María", "Carlos", "Paola", "Andrés", "Diana", "Jorge", "Sandra", "Camilo",
    "Yolanda", "Felipe", "Marcela", "Hernán", "Lucía", "Ramiro", "Nubia", "Óscar", "Pilar", "Iván",
)  # fmt: skip
_SURNAMES = (
    "Gómez", "Rodríguez", "Pérez", "Muñoz", "Castaño", "Beltrán", "Quintero", "Ospina", "Rueda",
    "Cárdenas", "Niño", "Sepúlveda", "Parra", "Zapata", "Avendaño", "Buitrago", "Lozano", "Mejía",
)  # fmt: skip
_PLACES = ("Tunja", "Duitama", "Sogamoso", "Paipa", "Villa de Leyva", "Moniquirá")
_PLANS = (("Plan 20MB", "45000.00"), ("Plan 50MB", "60000.00"), ("Plan 100MB", "85000.00"))
_STREETS = ("Calle", "Carrera", "Diagonal", "Transversal", "Vereda El Salitre, casa")

Row = dict[str, Any]


def invent(*, seed: int = 20, count: int = COUNT) -> dict[int, Row]:
    """Invent services, by their numbers; the first ones suit a demonstration."""
    return {row["id_servicio"]: row for row in msgspec.json.decode(_invent_once(seed, count))}


@cache
def _invent_once(seed: int, count: int) -> bytes:
    """Invent them as JSON, from which every pretend installation has rows of its own."""
    chance = random.Random(seed)  # noqa: S311  # invented people, not secrets
    rows: list[Row] = []
    person = _person(chance, 0)
    for index in range(count):
        if index < 3 or chance.random() > 0.1:
            person = _person(chance, index)
        service_id = FIRST_SERVICE + index
        rows.append(_row(chance, service_id, person) | find_columns(index))
    return msgspec.json.encode(rows)


def _person(chance: random.Random, index: int) -> Row:
    name = f"{chance.choice(_NAMES)} {chance.choice(_SURNAMES)} {chance.choice(_SURNAMES)}"
    document = "" if index % 3 == 0 or chance.random() < 0.1 else _document(chance)
    return {"nombre": name, "cedula": document, "telefono": _phones(chance, index)}


def _document(chance: random.Random) -> str:
    series = chance.choice(((7_000_000, 79_999_999), (1_010_000_000, 1_099_999_999)))
    return str(chance.randint(*series))


def _phones(chance: random.Random, index: int) -> str:
    if index % 7 == 5:
        return ""
    numbers = [_mobile(chance) for _ in range(chance.choice((1, 2, 2, 3)))]
    return chance.choice((",", ",", ", ", " / ", ";")).join(numbers)


def _mobile(chance: random.Random) -> str:
    return f"{chance.choice((300, 310, 311, 315, 320))}{chance.randint(0, 9_999_999):07}"


def _row(chance: random.Random, service_id: int, person: Row) -> Row:
    """One row as the list returns it, including passwords and coordinates."""
    plan, price = chance.choice(_PLANS)
    application = f"{chance.randint(1, 90)} # {chance.randint(1, 99)}-{chance.randint(1, 99)}"
    street = f"{chance.choice(_STREETS)} {application}"
    place = f"5.{chance.randint(500, 800)},-73.{chance.randint(300, 400)}"
    secret = f"{chance.getrandbits(48):012x}"
    return {
        "id_servicio": service_id,
        "usuario": f"cliente{service_id}@fibranet",
        **person,
        "email": f"cliente{service_id}@correo.example",
        "direccion": street,
        "localidad": chance.choice(_PLACES),
        "ciudad": "Boyacá",
        "descuento": "0.00", "saldo": "0.00", "rfc": "", "informacion_adicional": None,
        "notificacion_sms": False, "aviso_pantalla": False, "notificaciones_push": True,
        "auto_activar_servicio": True, "firewall": False,
        "servicio": f"cliente{service_id}", "password_servicio": f"ppp-{secret}",
        "server_hotspot": "", "ip": f"10.20.{service_id % 250}.{chance.randint(2, 250)}",
        "ip_local": None, "estado": "Activo", "modelo_antena": "",
        "password_cpe": f"cpe-{secret}", "mac_cpe": "", "interfaz_lan": "",
        "modelo_router_wifi": "", "ip_router_wifi": "", "mac_router_wifi": "",
        "usuario_router_wifi": "admin", "password_router_wifi": f"rtr-{secret}",
        "ssid_router_wifi": f"FibraNet-{service_id}", "password_ssid_router_wifi": f"wifi-{secret}",
        "comentarios": "<p></p>", "coordenadas": place,
        "costo_instalacion": "0.00", "precio_plan": price, "forma_contratacion": "",
        "sn_onu": "", "estado_facturas": "Pagadas",
        "fecha_instalacion": "08/04/2024 11:14:56", "fecha_cancelacion": None,
        "fecha_corte": "6/12/2026", "ultimo_cambio": None,
        "plan_internet": {"id": 1, "nombre": plan},
        "zona": {"id": 1, "nombre": "Centro"},
        "router": {
            "id": 1, "nombre": "Nodo 1", "falla_general": False, "falla_general_descripcion": "",
        },
        "sectorial": None,
        "tecnico": {"id": 1, "nombre": "Técnico Uno"},
    }  # fmt: skip
