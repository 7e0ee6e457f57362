"""What the words around a number call it, and what in a text is no number of anybody's.

Words are looked up by their beginning, longest first, in one table.
"""

import re
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from state.fields.vocabulary import Vocabulary


class Label(StrEnum):
    """What a word calls the number beside it."""

    PLAIN = "plain"  # a document whose kind is not told
    NIT = "nit"
    FOREIGNER = "ce"
    PERMIT = "ppt"
    SPECIAL_PERMIT = "pep"
    PASSPORT = "passport"
    PHONE = "phone"
    SERVICE = "service"
    OTHER = "other"  # something that has numbers of its own: a contract, a meter
    MONEY = "money"
    FILLER = "filler"  # stands between a label and its number
    POLITE = "polite"  # says nothing of the number
    CORRECTING = "correcting"  # takes back what was said before
    ELSEWHOSE = "elsewhose"  # somebody else's
    STRANGER = "stranger"  # that of whoever called, wrote or is paid; only before the number


DOCUMENTS = (
    Label.PLAIN, Label.NIT, Label.FOREIGNER, Label.PERMIT, Label.SPECIAL_PERMIT, Label.PASSPORT,
)  # fmt: skip
"""Labels that name a document, of whatever kind."""

KINDS = (*DOCUMENTS, Label.PHONE, Label.SERVICE, Label.OTHER, Label.MONEY)
"""Labels that name a number."""


class Word(NamedTuple):
    """A word or a mark between numbers: what it says of them, and what it calls one beside it."""

    text: str
    labels: frozenset[Label]
    kind: Label | None


_WORDS: dict[Label, str] = {
    Label.PLAIN: (
        "cc cedula* sedula* cedla cedual ced cdula ciudadania id dni doc documento* docu "
        "identidad identificacion identificasion nuip rut"
    ),
    Label.NIT: "nit",
    Label.FOREIGNER: "ce extranjer*",
    Label.PERMIT: "ppt proteccion",
    Label.SPECIAL_PERMIT: "pep",
    Label.PASSPORT: "pasaporte* passport pas pasapor*",
    Label.PHONE: (
        "cel celu celular* selular* ceular celulr celluar movil* tel telf tlf tlfn telefon* telef "
        "wasap* wass* wats* whats* whasap* guasap* wpp wsp ws wa linea"
    ),
    Label.SERVICE: "servicio* serv cliente usuario",
    Label.OTHER: (
        "abonad* adress caso termin* contrat* cuenta* estrato factur* fatura* ip lote mac "
        "manzana medidor modelo nacimiento naci nic ont onu orden pedido pin poste pqr* predio "
        "radicad* recibo* resibo* referenci* ref router sello serial* serie solicitud suscri* "
        "tarjeta ticket* tiquet* torre apto apartamento casa ti rc registro civil codigo* clave "
        "token comprobante* transaccion consignacion nequi daviplata bancolombia ahorro* "
        "corriente"
    ),
    Label.MONEY: (
        "abon* cobr* cuanto cuest* cuota* debe debo deud* mensualidad pag* peso* plan* plata "
        "precio* saldo tarifa* total valor cancel* promo* mega* mbps"
    ),
    Label.FILLER: (
        "a al aca ahi aqui asi con de del el ella en era es esa ese esta este esto la las le lo "
        "los me mi mia mio mis n no nro num nume numero* nuemro numeor o otra otro por puse "
        "queda temporal que registrad* seria son soy su sus tengo titular u un una y ya nueva "
        "nuevo actual personal expedida expedido"
    ),
    Label.POLITE: (
        "amable bien bueno buen buenas buenos buena claro como dale decir dia dias favor gracias "
        "gusto hola listo mas muchas muy noches ok okay porfa porfavor pues si sii senor senora "
        "senorita sumerce tardes vale vea mire mira anote anota apunte ahora ola quiero queria "
        "necesito para actualiz* registr* dejar dejo deje poner ponga pongan vincul* esto dato* "
        "nombre yo le les va ahorita disculpe pena quedo quede"
    ),
    Label.CORRECTING: (
        "cambi* corrij* corrig* correg* correct* correcion correccion digo disculp* equivoc* "
        "equivoqu* error mal mejor otra otro perdon quise sino"
    ),
    Label.ELSEWHOSE: (
        "abuel* amig* companer* cuñad* cunad* espos* hermano* hermana* hij* mama mami marido "
        "mujer novi* papa papi prim* sobrin* suegr* tia tio vecin* viej*"
    ),
    Label.STRANGER: (
        "llamaron llaman llamaban escriben escribieron dijeron tecnico asesor vendedor consign* "
        "transfer* mandaron enviaron"
    ),
}


_VOCABULARY = Vocabulary(_WORDS, forgiven=6)


def find_labels(word: str) -> frozenset[Label]:
    """Tell what a word, folded, calls the number beside it; nothing if it is not in the table."""
    return _VOCABULARY.find(word)


def read_word(text: str) -> Word:
    """Look a word up, or a mark, which says nothing."""
    labels = find_labels(text)
    return _make_word(text, labels) if labels else Word(text, labels, None)


@cache
def _make_word(text: str, labels: frozenset[Label]) -> Word:
    return Word(text, labels, next((label for label in KINDS if label in labels), None))


_UNITS = (
    r"mil|k|lucas|luka|lukas|pesos|barras|palos|cop|bs|millon|millones|megas?|mb|mbps|mbs|gb|gigas?|dias?|"
    r"mes|meses|anos?|semanas?|horas?|hrs?|minutos?|mins?|am|pm|a\.m|p\.m|veces|vez|personas|"
    r"metros|mts|kms?|cuadras|por ciento|televisores|equipos|facturas|recibos|cuotas|"
    r"digitos|numeros"
)
_STREET = (
    r"calle|cll?e?|carrera|cra?|kra?|diagonal|diag|dg|transversal|transv|trv?|tv|avenida|av|autopista|"
    r"manzana|mz|casa|cs|lote|apto|apt|apartamento|torre|bloque|piso|interior|int|etapa|km|"
    r"kilometro|barrio|sector|vereda|local|finca"
)
_MONTH = (
    r"ene(?:ro)?|feb(?:rero)?|mar(?:zo)?|abr(?:il)?|may(?:o)?|jun(?:io)?|jul(?:io)?|ago(?:sto)?|"
    r"sep(?:tiembre)?|oct(?:ubre)?|nov(?:iembre)?|dic(?:iembre)?"
)
_LINK = re.compile(r"\S+@\S+|https?://(?!wa\.me)\S+|www\.\S+")
_LINKING = re.compile("@|://|www")
_STRUCK = re.compile(
    r"\$\s?\d[\d.,']*(?:\s?(?:mil|k)\b)?"
    rf"|(?<![\d.\-])\d(?:[\d.,']*\d)?\s?(?:{_UNITS})(?![a-z])"
    rf"|(?<![a-z])(?:{_STREET})\.?\s?(?:no|nro|num|numero|n|#)?[\s.°#]{{0,2}}\d{{1,3}}(?!\d)"
    r"(?:\s?[a-z](?![a-z]))?(?:\s(?:bis|sur|norte|este|oeste))?"
    r"(?:\s?(?:#|no\b|n\b|nro\b|num\b|numero|con|-)?[\s.°#]{0,2}\d{1,3}(?!\d)(?:\s?[a-z](?![a-z]))?"
    r"(?:\s?-?\s?\d{1,3}(?![\d.]))?)?"
    r"|(?<![\d\-/.])\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)?\d\d(?![\d\-/]|\.\d)"
    rf"|(?<!\d)\d{{1,2}} de (?:{_MONTH})(?:\s(?:del?\s)?(?:19|20)\d\d)?"
    r"|(?<!\d)\d{1,2}:\d\d(?!\d)"
    r"|(?<![a-z])(?:en|de|del|desde|ano|anos)\s(?:19|20)\d\d(?![\d]|[.,' \-]\d)"
    r"|#\s?\d{1,3}\s?-\s?\d{1,3}(?!\d)"
)


def strike_out(text: str) -> str:
    """Put a mark for what has digits and is nobody's number.

    That is addresses, links, money, amounts, dates, times and years.
    """
    if _LINKING.search(text):
        text = _LINK.sub(" ~ ", text)
    return _STRUCK.sub(" ~ ", text)
