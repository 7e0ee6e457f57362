"""A choice in other words than its button's: "déjela así", "con la cédula", "este mismo".

Every word of the text has to belong to the choice, or to be courtesy: a word more ("pero", "no",
a name) and it is none. What undoes or forgets something is chosen by its label only.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from state.fields.answers import words
from state.fields.vocabulary import Vocabulary, shorten


@dataclass(frozen=True, slots=True)
class Way:
    """How a choice is said: one of the words that mean it, and what may stand beside them."""

    means: str
    beside: str = ""


WAYS: dict[str, Way] = {
    "start": Way(
        "empezar empecemos empiece empezemos comenzar comencemos iniciar iniciemos arran* vamos "
        "registr* actualiz* vincul* unir",
        "datos dato cedula celular numero servicio chat internet informacion",
    ),
    "agree": Way(
        "autoriz* acept* acuerdo permiso permito", "doy uso tratamiento datos terminos todo estoy"
    ),
    "refuse": Way(
        "no", "autoriz* acept* acuerdo permiso doy estoy quiero dar datos informacion nada deseo"
    ),
    "more": Way("mas detall* leer leo politica expli* completo info*", "saber ver todo"),
    "by_document": Way("cedula cc documento cedul* identidad", "usar buscar busque numero titular"),
    "by_service": Way("servicio", "numero codigo usar buscar busque"),
    "by_facts": Way("factura recibo preguntas datos", "usar buscar busque"),
    "rather_not": Way(
        "no sin", "comparto compartir compartirlo prefiero sale aparece veo boton puedo deja quiero"
    ),
    "mine": Way("mio mia ese esa eso mismo misma exacto correcto ahi", "servicio casa"),
    "not_mine": Way("no", "mio mia ese esa conozco servicio casa"),
    "yes": Way(
        "asi bien mismo misma ese esa exacto correcto correcta registr* dejelo dejela dejalo "
        "dejala guarde*",
        "numero cedula escrita escrito",
    ),
    "again": Way(
        "mal otra otro equivoq* corrij* correg* escrib* celular telefono error", "vez numero nuevo"
    ),
    "keep": Way(
        "deje* deja* dejo quede* mismo misma igual ese esa actual manten* conserv* siempre",
        "asi tienen registrado registrada esta ahi numero cedula celular hay quieto quieta sigue "
        "tal cual anterior",
    ),
    "own_number": Way(
        "este esta escrib* whatsapp wasap whasap wsp wpp chat aqui",
        "mismo misma numero celular desde uso usar estoy hablando hablo registr* deje* dejar "
        "ponga pongan",
    ),
    "change": Way("cambi* otra otro actualiz* corregir nueva nuevo", "numero cedula documento"),
    "replace": Way(
        "quit* borr* elimin* reemplac* remplac* saque saquen sacar",
        "viejo anterior numero ese celular",
    ),
    "save": Way(
        "guard* confirm* correcto correcta perfecto bien exacto conforme", "todo asi datos esta"
    ),
    "correct": Way("corregir corrij* mal error equivoq* cambi* errad*", "hay dato datos algo"),
    "continue": Way("sigamos seguir siga sigo continu* sigue adelante", "datos nuevo asistente"),
    "other": Way("otro otra", "dato forma manera probar probemos buscar busque intentar"),
    "retry": Way("intent* reintent* nuevo vuelva vez", "otra probar probemos buscar busque"),
    "resend": Way(
        "reenvi* codigo mand* envi* llego llega llegado",
        "no otra otro vez nuevo nada ha aun todavia vuelva nunca",
    ),
    "no_number": Way("no sin", "tengo ese numero celular codigo ya seguir sigamos perdi linea uso"),
    "update": Way("actualiz* cambi* corregir modific*", "datos dato celular numero cedula"),
    "another": Way("otro otra", "servicio vincular agregar casa tengo registrar"),
    "bye": Way("nada todo chao adios", "no mas eso era ya fue asi"),
    "bot": Way("asistente bot robot maquina volver devuelv*", "seguir sigamos hablar"),
    "wait": Way("esper*", "sigo aqui esperando"),
    "was_me": Way("fui hice", "cambio mismo misma"),
    "not_me": Way("no", "fui hice cambio he sido pedi reconozco autorice nada eso"),
    "none": Way("ningun*", "no mio mia esos ellos"),
    "use_edit": Way("cambi* nuevo nueva ultimo ese usar use", "numero cedula"),
    "keep_edit": Way("deje* dejar anterior antes primero primera", "no cambi* asi numero cedula"),
    "fix_document": Way("cedula documento cc identificacion", "numero esta mal corregir cambiar"),
    "fix_phone": Way("celular telefono cel numero", "esta mal corregir cambiar"),
    "fix_service": Way("servicio", "otro equivocado no ese mal corregir cambiar"),
}
"""By the choice's name. The others are chosen by their label, their number, or a yes or no."""

_COURTESY = frozenset(
    (
        "a al bueno buenas claro como con dale de del dele el ella en entonces es favor gracias "
        "hagale hola la las le listo lo los me mejor mi mis ok okay para pa parce por porfa "
        "porfavor prefiero pues que quiero quisiera senor senora si su sumerce tardes un una usted "
        "vale vea veci vecino y yo dias noches buenos muy amable ahi seria sera mija mijo"
    ).split()
)
_MEANINGS = Vocabulary({choice: way.means for choice, way in WAYS.items()}, forgiven=6)
_BESIDE = Vocabulary({choice: way.beside for choice, way in WAYS.items()}, forgiven=6)


def read_choice(text: str, names: Iterable[str]) -> str | None:
    """Read a text as one of the choices offered, by its meaning; none if it may be two."""
    if "?" in text:
        return None
    said = [shorten(word) for word in words(text)]
    rest = [word for word in said if word not in _COURTESY]
    found = [(_MEANINGS.find_all(word), _BESIDE.find_all(word)) for word in rest]
    fits = [
        name
        for name in names
        if any(name in means for means, _ in found)
        and all(name in means or name in beside for means, beside in found)
    ]
    return fits[0] if len(fits) == 1 else None
