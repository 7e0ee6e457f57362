"""How choices are said in other words than their buttons': one table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """How a choice is said: one of the words that mean it, and what may stand beside them.

    Attributes:
        denies: a "no" may stand in it and beside it.
        denied: a "no" must stand in it.
    """

    means: str
    beside: str = ""
    denies: bool = False
    denied: bool = False


WAYS: dict[str, Way] = {
    "start": Way(
        "adelante arran* comencemos comenz* comienc* darle demos empec* empes* empez* empiec* "
        "hagamos* hagal* inici* regist* actualiz* vamos* vincul*",
        "cedula celular chat datos dato hacer informacion internet numero registro servicio "
        "una vez ver registrarme",
    ),
    "agree": Way(
        "acept* acepto aceptado acuerdo deacuerdo autoris* autoriz* autorio* ",
        "claro condiciones consentimiento datos doy eso esto estoy politica sus terminos tiene "
        "tienen todo tratamiento uso usen usar usarlos hacerlo",
    ),
    "refuse": Way(
        "acept* acuerdo deacuerdo autoris* autoriz* datos dar doy usen usar quiero",
        "deseo eso estoy informacion jamas loca loco mas ni nada nadie no nunca tampoco",
        denied=True,
    ),
    "more": Way(
        "completa completo detall* expli* leer leo mas politica",
        "antes muestr* condiciones decidir informacion info primero saber todo ver decir dejeme",
        denies=True,
    ),
    "by_document": Way(
        "cc cedula documento identificacion",
        "bien busque busqueme buscar darle dar esta mi numero titular usar doy doyla",
    ),
    "by_service": Way("servicio", "busque busquelo buscar codigo numero tengo usar aqui recibo"),
    "by_facts": Way("factura preguntas recibo", "aparece busque buscar datos dice esta sale viene"),
    "rather_not": Way(
        "aparece boton cedula busquelo comparto compartir compartirlo compartirla deja documento "
        "doy factura prefiero sale veo",
        "servicio busque buscar compartiendo darle eso ese hacerlo nada ningun no numero para "
        "puedo sin ver darlo lo usar",
        denies=True,
    ),
    "mine": Way(
        "ahi servicio correcta correcto efectivamente esa ese eso exacto mia mio misma mismo",
        "casa direccion esta servicio vivo aja ajam",
    ),
    "not_mine": Way(
        "casa conozco esa ese mia mio servicio vivo direccion",
        "ahi alla donde eso nada no que soy tengo ver otra otro aqui",
        denied=True,
    ),
    "yes": Way(
        "asi bien correcta correcto esa ese exacto guarde* dejel* mia misma mismo regist*",
        "cedula digitos documento escrita escrito esta nueve numero numeros aparece sale tal cual",
    ),
    "again": Way(
        "buena bueno correg* corrij* equivo* error escrib* falta faltan falto mal mala malo otra "
        "otro sobra sobran comi salto celular telefono",
        "cedula digito escrito escrita esta la nuevo no numero puse quedo ultimo un uno vez me 1 "
        "2 3 4 5 6 7 8 9 0",
        denies=True,
    ),
    "keep": Way(
        "actual bien esta registrad* tienen conserv* deje* deja* dejo ese esa igual igualit* "
        "manteng* misma mismit* mismo quede* siempre sigue correcta correcto",
        "ahi todo anterior ay asi bien celular cual cedula esta hay mia numero quieta quieto "
        "registrada registrado siendo tal tiene tienen tengo ya",
    ),
    "own_number": Way(
        "aqui chat escrib* este guasap wasap whatsap* whasap wpp wsp",
        "celular esta dejar deje* desde estoy hablando hablo misma mismo numero ponga pongan "
        "registr* usar uso mismito",
    ),
    "change": Way(
        "actualiz* cambi* corregirla corregir era nueva nuevo otra otro mal mala",
        "cedula documento esa ese esta hay numero no papa toca ya la",
        denies=True,
    ),
    "replace": Way(
        "borr* elimin* quit* remplac* reemplac* saque saquen sacar cambi*",
        "anterior ese celular lo no numero otro uso tengo viejo ya perdi",
    ),
    "save": Way(
        "bien confirm* conforme correcta correcto exacto guard* perfect*",
        "asi cambios datos esta estan todo todos no mas",
    ),
    "correct": Way(
        "cambi* corregir correg* corrij* equivo* errad* error mal mala malo",
        "algo cedula celular dato datos eso esta hay no numero quedo un",
        denies=True,
    ),
    "continue": Way("adelante continu* prosig* seguir sigamos siga sigo sigue", "asi datos no mas"),
    "other": Way("otra otro", "buscar busque dato forma intentar manera probar probemos"),
    "retry": Way(
        "intent* nuevamente nuevo reintent* vez vuelva", "buscar busque otra probar probemos"
    ),
    "resend": Way(
        "envi* mand* reenvi*", "codigo mensaje nueva nuevo otra otro vez vuelva no llego nada"
    ),
    "no_number": Way(
        "codigo linea numero perdi sin siga sigamos tengo uso",
        "celular continu* ese eso ya no seguir importa",
        denies=True,
    ),
    "update": Way(
        "actualiz* cambi* corregir modific* poner",
        "cedula celular cosas dato datos hay mias nueva nuevo numero otra otro telefono unas toca",
    ),
    "another": Way(
        "agreg* otra otro", "casa internet registrar servicio tengo vincular ustedes como"
    ),
    "bye": Way("adios chao nada todo", "asi era eso fue mas no seria ya hasta luego"),
    "bot": Way(
        "asistente bot devuelv* maquina robot seguir sigamos siga volver vuelv*",
        "asesor con espero hablar mas no persona ya aqui",
        denies=True,
    ),
    "wait": Way("esper*", "aqui aca ahi esperando seguir sigo"),
    "was_me": Way("fui hice", "cambio eso misma mismo"),
    "not_me": Way(
        "autorice fui hice pedi reconozco sido",
        "cambio cambios ese eso he nada ningun no",
        denied=True,
    ),
    "none": Way("ningun*", "casa dos es esas esos ellos mia mio no son", denies=True),
    "use_edit": Way("cambi* ese esa nueva nuevo ultimo ultima usar use", "cedula numero"),
    "keep_edit": Way(
        "anterior antes deje* dejar primera primero", "asi cambi* cedula no numero", denies=True
    ),
    "fix_document": Way(
        "cc cedula documento identificacion",
        "cambiar corregir corrij* esta mal mala numero quedo reves al",
    ),
    "fix_phone": Way(
        "cel celular telefono", "cambiar corregir corrij* esta mal malo num numero quedo"
    ),
    "fix_service": Way(
        "servicio", "cambiar corregir ese eso es mio no otro equivocado mal", denies=True
    ),
}
"""By the choice's name. The others are chosen by their label, their number, or a yes or no."""


DENIED: dict[str, Way] = {
    "again": Way("asi bien correcta correcto esa ese", "cedula esta numero", denied=True),
    "change": Way("correcta correcto esa ese mia", "cedula numero ya", denied=True),
    "correct": Way("bien correcto correcta esos", "asi datos esta estan", denied=True),
    "rather_not": Way("comparto gusta quisiera tengo", "boton compartir ese eso", denied=True),
}
"""By the choice's name: what chooses it where it is denied, and else another one."""


COMMANDS: dict[str, tuple[Way, ...]] = {
    "cancel": (
        Way("anul* cancel* retir*", "cambio eso esa ese proceso solicitud todo tramite yano"),
        Way("yano", "cambio cambios continuar eso ese hacer hacerlo nada seguir tramite"),
        Way("guard*", "nada no", denied=True),
    ),
    "not_me": (WAYS["not_me"],),
    "my_data": (Way("mios", "cuales datos guardan guardados saber tienen ver"),),
    "help": (Way("entiendo entendi", "bien cual de eso esas esto nada no escoger", denied=True),),
}
"""By the command's name: the ways of those that are said in other words too."""
