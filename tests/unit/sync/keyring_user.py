"""Keeps secrets in this session's keyring, reads them back, forgets them; says what came of it."""

from studio.errors import AccountError
from studio.sync.credentials import Keyring, Secrets

HELD = Secrets(user_id="u", email="a@b.c", refresh_token="r-secret", access_token="a-secret", expires_at=1.0)


def main() -> None:
    keyring = Keyring("modamoda-test")
    try:
        keyring.save(HELD)
        assert keyring.load() == HELD
        keyring.delete()
        keyring.delete()
        assert keyring.load() is None
        print("kept and forgotten")  # noqa: T201
    except AccountError as error:
        print(error.code if error.hint else "no remedy")  # noqa: T201


if __name__ == "__main__":
    main()
