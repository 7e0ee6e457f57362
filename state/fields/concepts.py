"""What single words are about, as customers of a provider use them in Colombia and Venezuela."""

from enum import StrEnum

from state.fields.vocabulary import Vocabulary


class Concept(StrEnum):
    """What a word is about."""

    NO = "no"
    HAVE = "have"
    NET = "net"
    SERVICE = "service"
    WORKS = "works"
    BROKEN = "broken"
    GONE = "gone"
    CUT = "cut"
    LIGHT = "light"
    RED = "red"
    PAY = "pay"
    STOP = "stop"
    BILL = "bill"
    HOW_MUCH = "how_much"
    MOVE = "move"
    PLACE = "place"
    BUY = "buy"
    OFFER = "offer"
    WANT = "want"
    ADVISER = "adviser"
    SOMEBODY = "somebody"
    TALK = "talk"
    WHY = "why"
    WHAT = "what"
    FOR = "for"
    ASK = "ask"
    ROBOT = "robot"
    BE = "be"
    SAFE = "safe"
    FRAUD = "fraud"
    WAIT = "wait"
    MOMENT = "moment"
    SEEK = "seek"
    KNOW = "know"
    REMEMBER = "remember"
    THING = "thing"
    IT = "it"
    MY = "my"
    LOST = "lost"
    THANKS = "thanks"
    POLITE = "polite"
    ANGRY = "angry"
    RELATIVE = "relative"
    HOLDER = "holder"
    OWNER_NAME = "owner_name"
    RENT = "rent"
    DIED = "died"
    COMPANY = "company"
    PLAN = "plan"
    DATA = "data"
    DECEASED = "deceased"
    CHANGE = "change"
    OF = "of"


_WORDS: dict[Concept, str] = {
    Concept.NO: "no ni nada nunca tampoco sin na nop nel",
    Concept.HAVE: "tengo tenemos hay tiene tienen tener ten tenia cargo",
    Concept.NET: (
        "internet inter internt intenet wifi wi wiffi wify guifi huaifai guaifai senal red redes "
        "conexion conexiones coneccion conectividad navegar navego navega navegacion fibra modem "
        "router ruter rauter onu antena megas"
    ),
    Concept.SERVICE: "servicio servicios linea",
    Concept.WORKS: (
        "sirve sirviendo sirven funciona funcionando funcionan anda andando carga cargan cargando "
        "abre abren llega llegando coge agarra agarran prende prenden conecta conectan conectarme "
        "entra entrar conectar da dando"
    ),
    Concept.BROKEN: (
        "fallan* falla* fallo fallos lent* intermiten* dan* malo mala pesim* pegad* tostad* "
        "inestable averia* colgad* muert* frit* desconect* offline problema* molest* trab*"
    ),
    Concept.GONE: "fue va cayo cae caid* cay* cai* perdio jodi* jodio quito",
    Concept.CUT: "cort* suspend* reconex* reconect* bloque* quitaron desconectaron mocharon",
    Concept.LIGHT: "luz luces foco bombill* led lucecita* bombillito*",
    Concept.RED: "rojo roja rojos rojas parpade* titil* los",
    Concept.PAY: "pagar* pago pagos pague pagamos pagaria paga pagando consign* abonar abono transfer* "
    "nequi daviplata pse efecty comprobante cancele baloto corresponsal",
    Concept.STOP: "cancelar cancelo cancelamos",
    Concept.BILL: "factur* recib* cobr* cuota* mensualidad* saldo* deud* debo debemos vence* vencimiento valor cuenta "
    "resibo fatura",
    Concept.HOW_MUCH: "cuanto cuanta cuantos quanto cuesta vale sale",
    Concept.MOVE: "traslad* mud* trasteo trastear trasteamos",
    Concept.PLACE: "casa direccion domicilio barrio apartamento apto finca vivienda vereda",
    Concept.BUY: "contratar instal* adquirir comprar vend* contrat* cobertura promocion* afili*",
    Concept.OFFER: "planes oferta* paquete* tarifas precios",
    Concept.WANT: "quiero quisiera queria necesito necesitamos kiero deseo queremos",
    Concept.ADVISER: (
        "asesor asesora asesores asesoria acesor azesor humano humana humanos agente operador operadora "
        "funcionari* representante ejecutivo tecnico tecnicos soporte"
    ),
    Concept.SOMEBODY: "persona alguien alguno alguna personal gente muchacha muchacho senorita encargado",
    Concept.TALK: (
        "hablar hable comuniq* comunic* pasar paseme paso paseme pasen pasenme atiend* atend* llamar llamen llamenme "
        "llameme ayude ayudar contact* marcar real verdad conteste contesta"
    ),
    Concept.WHY: "porque pq porq xq porke porqe",
    Concept.WHAT: "que q ke k cual cuales",
    Concept.FOR: "para pa por pal con",
    Concept.ASK: "pide* piden necesita* necesitan quieren pregunt* solicit* sirve fin motivo",
    Concept.ROBOT: "robot* bot bots maquina maquinas automatic* grabacion computador* ia contestadora",
    Concept.BE: "es eres son sos usted esto estoy hablo tu ud sera",
    Concept.SAFE: "seguro segura confiable legal peligro* seguridad confiar desconfi* confianza privacidad miedo",
    Concept.FRAUD: "estafa* fraude* robar roban robo hacker* hack* phishing trampa enganio engano mentira",
    Concept.WAIT: "espere espereme esperame espera esperen pere pereme aguante aguanta permitame permiteme dejeme dejame",
    Concept.MOMENT: "momento momentico momentito segundo segundito minuto minutico minutito ratico rato ratito "
    "tantico chance ahorita ahoritica ahorica luego manana",
    Concept.SEEK: "busc* vengo vuelvo revis* miro",
    Concept.KNOW: "se sé idea conozco sabe sabria nose desconozco sabemos",
    Concept.REMEMBER: "recuerdo acuerdo olvido acorde recuerdas olvide",
    Concept.THING: "cedula documento papel papeles numero codigo contrato dato tarjeta",
    Concept.IT: "la lo los las ese eso esa",
    Concept.MY: "mi mis nuestro",
    Concept.LOST: "perdi perdio boto bote robaron encuentro mano botaron extravi*",
    Concept.THANKS: "gracias grasias agradezco agradecid* agradecer bendiga bendiciones gracia grax thanks",
    Concept.POLITE: (
        "muchas muy amable mil por favor porfa buena buen buenas dia tarde noche tardes noches ok listo vale bueno si "
        "senor senora dios hola usted de todo le les su ayuda atencion tan bien igual pues "
        "perfecto feliz lindo"
    ),
    Concept.ANGRY: (
        "pesimo pesima ladron* rater* estafador* cansad* hart* groser* mierda hp hpta hijueputa malparid* "
        "gonorrea demand* quej* superintendencia sic porqueria verga cono mamaguev* basura inepto* "
        "descar* irrespet* verguenza fastidi* asco careverga"
    ),
    Concept.RELATIVE: (
        "mama papa madre padre espos* marido mujer hij* herman* abuel* tio tia suegr* vecin* amig* prim* "
        "sobrin* novi* patron jefe jefa companer* cunad* viejo vieja arrendador"
    ),
    Concept.HOLDER: "titular* dueno duena propietari* suscriptor*",
    Concept.OWNER_NAME: "nombre",
    Concept.RENT: "arriendo arrendado inquilin* arrendatari* alquil*",
    Concept.DIED: "murio muerto muerta",
    Concept.COMPANY: "empresa* compania* negocio* juridica sas almacen tienda fundacion colegio oficina",
    Concept.PLAN: "plan megas velocidad",
    Concept.DATA: "datos informacion",
    Concept.DECEASED: "fallec* difunt* finad*",
    Concept.CHANGE: "cambiar cambio cambie cambiaron otra nueva",
    Concept.OF: "de para a del",
}

VOCABULARY = Vocabulary(_WORDS, forgiven=5)
