"""What single words are about, as customers of a provider use them in Colombia and Venezuela."""

from state.fields.vocabulary import Vocabulary

CONCEPTS: dict[str, str] = {
    "a": "un una",
    "adviser": (
        "agente agentes asesor asesora asesores asesoria ejecutiv* funcionari* operadora "
        "representante supervisor supervisora tecnico tecnicos personalizada personalizado"
    ),
    "amount": "deuda saldo total valor precio",
    "angry": (
        "abus* arrech* arto harto harta hartos asco asqueroso basura berraco bobada bobadas "
        "bruto brutos cabron* cansad* canse cansan cansaron careverga carajo cono culo "
        "decepcion* demand* descar* desgraciad* emputa* estafador* estupid* fastidi* gonorrea "
        "grosera grosero groseria groserias horrible hijueputa hpta idiota idiotas imbecil* "
        "incompetent* incumplid* indignad* inept* inservible inutil* irrespet* joda joder jodan "
        "ladilla* ladron ladrones maldit* malparid* mamad* mamaguev* mamagallismo mentiroso "
        "mentirosos mierda molesto molesta pendej* porqueria puta puto putos queja quejarme "
        "quejas rabia rater* respeto ridicul* sinverguenza* superintendencia super "
        "tercermundista terrible verga verguenza vergonzoso burla denunciar denuncia enojad* "
        "furios* aburrid* mediocres mediocre"
    ),
    "arrive": "llega llegan llegado llego llegarme cubren cubre llegar",
    "ask": (
        "autorizar comparto compartir dar exigen fin insisten necesita necesitan pide piden pedir "
        "pedirme pidiendo precisan preguntan preguntar preguntadera pregunta preguntas preguntando "
        "quieren requieren requiere revisar saber sirve solicitan subieron vuelven interesa usan"
    ),
    "bad": "mal mala malo malos maluco pesimo malisim* pesim*",
    "be": (
        "eres era es eso esta estan estamos este esto estoy hablando hablo parece sera seran "
        "sois somos son sos soy sea usted ustedes tu ud uds vos fue"
    ),
    "bill": (
        "cobr* cobro cobros factura facturas cuota cuotas debo debemos debiendo descuento deuda "
        "deudas factur* mensualidad* mora recibo recibos saldo saldos valor vence vencida "
        "vencimiento vencio"
    ),
    "broken": (
        "averia* bajito caida caidas caido colgad* dan* danado danada desconect* falla* fallo "
        "fallos frit* malo mala molestando muert* offline pegad* problema problemas revent* "
        "tostad* trab* rompi* roto"
    ),
    "building": "conjunto edificio local",
    "buy": (
        "adquirir afili* cobertura comprar contratar contratarlo cotiz* instalar instalen "
        "instalan instalarme instalacion instalarlo operador suscribirme venden vender ofrecen "
        "ofrece ofrecer manejan"
    ),
    "by": "por x",
    "call": "llamame llameme llamen llamenme marqueme llamarme",
    "change": "aumentar bajar cambiar cambiarme cambio cambie mejorar subir subirle ampliar",
    "client": "cliente clientes usuario usuaria",
    "company": (
        "alcaldia almacen asociacion bodega cafeteria clinica colegio comercial compania* "
        "comunal consultorio contadora cooperativa corporacion drogueria empresa* entidad "
        "escuela ferreteria firma fundacion gerente gobernacion hospital hostal hotel iglesia "
        "institucion jardin junta juridica ltda microempresa negocio negocios oenege ong "
        "panaderia parroquia peluqueria restaurante sas sociedad taller tienda supermercado "
        "comercio"
    ),
    "cut": "bloque* cort* desactivaron mocharon quitaron suspend*",
    "data": "dato datos info informacion",
    "deceased": (
        "defuncion descanse difunt* fallecio fallecido fallecida falleci* finad* finadito qepd "
        "viuda viudo"
    ),
    "died": "murio murieron muerto muerta morir partio",
    "do": "haran hacer hacen van hara",
    "for": "para pa pal",
    "forget": "desconozco nose olvid*",
    "fraud": (
        "clonan clonar engan* estafa estafan estafar estafaron estafador falso fraude fraudes "
        "hackear hackeen hackers phishing roban robar robarme robo roben suplant* trampa tumbar "
        "tumben tumbe mentira"
    ),
    "function": (
        "anda andando da dando funciona* funcionan funcionando sirve sirviendo vale coge levanta "
        "prende agarra agarran cogen coje agarro"
    ),
    "give": "dar dara darme den di diera doy",
    "given": "dado dan dieron entrega entregan entregado entregaron",
    "go": "cae caen caer cai caia cayendo cayo fue ido ir jodi* quito va yendo",
    "god": "dios amable gentil",
    "have": (
        "ando ay cargo cargamos consigo contamos hay tenemos tener tengo tenia tiene tienen "
        "traje ai"
    ),
    "holder": "duena dueno duenos propietari* suscriptor* titular*",
    "how_much": (
        "costo cuanta cuantas cuanto cuantos cuesta cuestan precio precios sale vale valen"
    ),
    "it": "el ella esa ese eso la las lo los",
    "know": "conozco conoce ide idea sabe sabemos sabia sabria sabriamos ver saberlo",
    "later": (
        "ahora ahorica ahorita ahoritica despues luego manana noche orita rato tarde tardecita"
    ),
    "light": "bombill* foco led leds los lus luces lucecita* luz pon",
    "lose": (
        "bote botaron boto deje embolato embolate encuentro extravi* perdi perdida perdio "
        "perdieron quedo refundi* robaron embolatad*"
    ),
    "me": "le les me nos te",
    "moment": (
        "chance minutico minutito minuto minutos momentico momentito momento ratico ratito rato "
        "segundico segundito segundos tantico toque"
    ),
    "month": "mes mensualidad meses",
    "move": (
        "muda mudamos mudando mudanza mudar mudarme mude mudo muevan mover moverlo reubic* "
        "traslad* traste* correr"
    ),
    "my": "mi mia mio mis nuestra nuestro su sus un una",
    "name": "aparece apellido figura figuraba nombre",
    "net": (
        "antena aparato cable cajita conectividad conexion conexiones equipo fibra guifi huaifai "
        "inter internet modem navegacion onu red redes rauter router ruter senal wi wifi interne"
    ),
    "no": "jamas nada ni no nop nunca sin tampoco",
    "now": "ya",
    "of": "de del por",
    "offer": (
        "combo combos oferta* paquete* planes promo promocion* promos tarifa tarifas television"
    ),
    "office": "oficina",
    "other": "otra otro otras otros",
    "own": "mi mis mio mia nuestro nuestra mios mias",
    "pass": "llevar llevarme llevarmelo pasamos pasar pasarme paso pasen",
    "pay": (
        "abonar abone abono baloto comprobante consign* corresponsal daviplata efecty link nequi "
        "pagado pagamos pagando pagar pagaria pagarles pagarlo pago pagos pague paguen pse "
        "recaudo cuenta transferencia transferi transferir transfiero credito debito efectivo "
        "pantallazo soporte"
    ),
    "place": (
        "apartamento apto barrio casa cuarto direccion domicilio finca habitacion municipio "
        "pieza pueblo residencia sector vereda vivienda lado ciudad sala"
    ),
    "plan": "giga gigas mega megas plan velocidad",
    "polite": (
        "a al amable amor atencion atenta atento avisar avisarme ay ayuda ayudarme bien buen "
        "buena buenas bueno chevere colaboracion con contestar contestarme de desde dia dias don "
        "dona doctor doctora el ella en entonces era es eso esta estar excelente explicacion "
        "explicarme favor feliz genial gentil ha haber han hola igual igualmente la las le les "
        "lindo linda listo lo los manana mas mi mija mijo mil mucha muchas muchisimas mucho muy "
        "noche noches ok okay pana para parce paciencia paguen pague perfecto por porfa pronto "
        "pues que querida querido quedo respuesta responder senor senora senores senorita ser "
        "servicial servicio si sido su sumerce super tan tarde tardes te tiempo todo toda una un "
        "usted ustedes vale vecina vecino y ya son eres estaba alla ahi hasta luego chao seguro "
        "eficiente rapido rapida gestion informacion este se millon you cantidad eternamente "
        "infinitas reina tenga tengan bonito bonita corazon"
    ),
    "purpose": "fin finalidad objeto proposito",
    "put": "poner ponerle ponerlo ponerme pongame pongan ponga",
    "real": "carne hueso reales real verdad verdadera",
    "red": "amarill* apagad* parpade* roja rojas rojo rojos titil* naranja",
    "register": "actualiz* enlaz* registr* unir vincul* inscri*",
    "relative": (
        "abuela abuelita abuelito abuelo amig* arrendador comadre companer* compadre cunad* "
        "espos* hermana hermano hija hijo hijos ija ijo ermana ermano jefa jefe madrastra madre "
        "mama mami mamita marido mujer nieta nieto novia novio nuera padrastro padre papa papi "
        "pareja patron patrona prima primo sobrin* suegr* tia tio vecin* vieja viejo yerno cucha "
        "cucho"
    ),
    "remember": "acorde acordaba acuerdo memoria recordar recuerda recuerdo",
    "rent": "alquil* arrendad* arrendatari* arriendo inquilin*",
    "repair": "arregl* repar* solucion*",
    "robot": (
        "artificial automatic* bot bots chatbot chatgpt computador* contestador* gpt grabacion "
        "ia inteligencia maquina maquinas maquinita programa robot* virtual pregrabado robot "
        "robots"
    ),
    "safe": (
        "asegur* cierto confiable confianza confiar desconfi* garanti* legal miedo oficial "
        "peligro* privacidad protegid* riesgo seguridad susto temor fiar fio confio"
    ),
    "se": "se ce",
    "second": "segundo seg",
    "seek": (
        "averigu* busc* mirar miro ocupad* pregunto reviso revisar traigo trabajando trabajo "
        "vengo vuelvo manejando regreso"
    ),
    "service": "linea servicio servicios",
    "slow": "intermiten* inestable* lent* lentitud ralentiz* tieso",
    "somebody": (
        "alguien alguna encargad* gente muchacha muchacho nadie persona personal personas senora "
        "senorita"
    ),
    "state": "activa activo contratado estado suspendida suspendido",
    "stop": "cancelado cancelamos cancelar cancele cancelo",
    "sure": "segura seguro seguros",
    "surf": (
        "abre abren carga cargan cargando conecta conectan conectarme conectar entra navega "
        "navegar navego"
    ),
    "talk": (
        "atendido atiendame atienda atiendan atiende atienden ayuden comunica comunicame "
        "comunicar comunicarme comuniquen comuniqueme comuniquenme comunique contacten halar "
        "contesta contestan conteste contesten entienda hablar hablarle hable hablo llamada "
        "llamar llamarme llame llameme llamen llamenme pasame pasarme paseme pasenme pongame "
        "responda respondan transfierame transferirme pasa pasan"
    ),
    "tell": (
        "aviso confirmo contesto dice digo doy envio escribo mando paso respondo sigo voy boy casi"
    ),
    "thanks": (
        "agradecemos agradecer agradecid* agradezco bendiciones bendiga gracia gracias grax "
        "thanks thank"
    ),
    "thing": (
        "cedula cel celular codigo contrato dato datos documento factura identificacion "
        "informacion numero papel papeles recibo tarjeta telefono"
    ),
    "time": "tiempo",
    "to": "a pa pal para",
    "wait": (
        "aguanta aguante aguarde aguardame dejame dejeme espera espere esperame esperen espereme "
        "esperese pere pereme permitame permiteme"
    ),
    "unrelated": (
        "guard* empez* empiez* empies* comenz* comienz* expres* pasado pasada llama llaman llamo "
        "cincuenta sesenta setenta ochenta noventa cuarenta "
        "treinta calle carrera parte puente puerta hecho mundo cosa cosas parque prado torre "
        "torres oriente occidente central correo correos firmo firmar marina maria mario marta "
        "martin marcela marino mariana cobos pagina paginas mandar manejar perez pena lopez"
    ),
    "want": (
        "deme denme deseo gustaria interesa necesito necesitamos ocupo prefiero queremos queria "
        "quiere quiero quisiera requiero interesado interesada"
    ),
    "where": "donde",
    "human": "humana humano humanos",
    "if": "si",
    "what": "como cual cuales k ke q que",
    "when": "corte cuando dia fecha hasta plazo",
    "who": "quien quienes",
    "why": "motivo necesidad porque pq porq razon santo xq",
    "with": "con",
}
"""By what they are about: whole words, and beginnings with a star."""

VOCABULARY = Vocabulary(CONCEPTS, forgiven=5)
