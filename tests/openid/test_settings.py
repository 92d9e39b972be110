"""Half a configuration and unsafe addresses stop the start, and the reason names the setting and no secret."""

import pytest

from config import TestConfig, UnsafeSetting
from eventapp.openid.settings import check_settings

WHOLE = {"ENTRA_CLIENT_ID": "id", "ENTRA_CLIENT_SECRET": "geheim-geheim"}
DISCOVERY = "/.well-known/openid-configuration"


def checked(**settings: str) -> TestConfig:
    config = TestConfig(**settings)
    check_settings(vars(config))
    return config


def test_without_settings_there_is_nothing_to_check():
    assert checked().CSP_FORM_ACTION == ()


@pytest.mark.parametrize(("tenant", "named"), [("", "organizations"), ("netwerk.example", "netwerk.example")])
def test_entra_is_the_provider_unless_another_is_named(tenant, named):
    config = checked(**WHOLE, ENTRA_TENANT=tenant)

    discovery = config.OIDC_DISCOVERY_URL
    assert discovery == f"https://login.microsoftonline.com/{named}/v2.0{DISCOVERY}"
    assert config.CSP_FORM_ACTION == ("https://login.microsoftonline.com",)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"ENTRA_CLIENT_SECRET": "geheim-geheim"}, "ENTRA_CLIENT_SECRET"),
        ({"ENTRA_TENANT": "organizations"}, "ENTRA_TENANT"),
        ({"OIDC_DISCOVERY_URL": f"https://id.example{DISCOVERY}"}, "OIDC_DISCOVERY_URL"),
        ({"ENTRA_CLIENT_ID": "id"}, "ENTRA_CLIENT_SECRET"),
        ({**WHOLE, "ENTRA_TENANT": "../../evil"}, "ENTRA_TENANT"),
        ({**WHOLE, "ENTRA_TENANT": "a", "OIDC_DISCOVERY_URL": f"https://id.example{DISCOVERY}"}, "ENTRA_TENANT"),
        ({**WHOLE, "OIDC_DISCOVERY_URL": f"http://id.example{DISCOVERY}"}, "OIDC_DISCOVERY_URL"),
        ({**WHOLE, "OIDC_DISCOVERY_URL": "file:///etc/passwd"}, "OIDC_DISCOVERY_URL"),
        ({**WHOLE, "OIDC_DISCOVERY_URL": f"https://u:p@id.example{DISCOVERY}"}, "OIDC_DISCOVERY_URL"),
    ],
)
def test_half_or_unsafe_settings_stop_the_start(settings, named):
    with pytest.raises(UnsafeSetting) as refusal:
        checked(**settings)

    assert named in str(refusal.value)
    assert "geheim" not in str(refusal.value)
