import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.delivery.vault import KEY_FILE, Vault, VaultError


def test_what_is_sealed_is_read_back_and_does_not_show() -> None:
    vault = Vault("key")
    sealed = vault.seal("https://hooks.example.com/sécret")
    assert b"hooks" not in sealed
    assert vault.unseal(sealed) == "https://hooks.example.com/sécret"


def test_another_key_or_changed_bytes_are_an_error() -> None:
    sealed = Vault("key").encrypt(b"secret")
    with pytest.raises(VaultError):
        Vault("other").decrypt(sealed)
    with pytest.raises(VaultError):
        Vault("key").decrypt(sealed[:-4] + b"AAAA")


def test_a_key_nobody_set_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    sealed = Vault.open(None, folder).seal("secret")
    assert Vault.open(None, folder).unseal(sealed) == "secret"
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: Vault.open(None, tmp_path), range(8)))
    sealed = vaults[0].seal("secret")
    assert {vault.unseal(sealed) for vault in vaults} == {"secret"}
