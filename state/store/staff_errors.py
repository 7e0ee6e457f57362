"""What signing in, links and looking after members may be refused with, by what one does next."""

from state.members import NameProblem, PasswordProblem


class SignInRefused(Exception):
    """Wrong name or password, or no session (any more); the error does not say which."""


class TooManyTries(Exception):
    """Too many tries for now; nobody is locked out.

    Attributes:
        retry_after: seconds after which one more is allowed.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class LinkInvalid(Exception):
    """The one-time link was used, was replaced, has expired, or never existed."""


class NameRefused(Exception):
    """Nobody may be called so: choose another name."""

    def __init__(self, problem: NameProblem) -> None:
        super().__init__(_NAME_PROBLEMS[problem])
        self.problem = problem


class PasswordRefused(Exception):
    """Choose another password."""

    def __init__(self, problem: PasswordProblem) -> None:
        super().__init__(f"the password is {problem.value}")
        self.problem = problem


class NoSuchMember(Exception):
    """No member of staff is called so: `enlace staff list` tells who there is."""


class LastAdministrator(Exception):
    """No administrador would be left: give somebody else that role first."""


class RolesMissing(Exception):
    """A member needs a role at least: disable the member instead."""


class MembersBusy(Exception):
    """Somebody else is changing members at this moment: try again."""


_NAME_PROBLEMS = {
    NameProblem.LENGTH: "a name has 2 to 40 characters",
    NameProblem.LETTERS: "a name has Latin letters, digits, blanks and . - ' only",
    NameProblem.RESERVED: "the assistant, the queue or the company is called so",
    NameProblem.TAKEN: "a member has that name, or one that looks like it",
}
assert _NAME_PROBLEMS.keys() == set(NameProblem)
