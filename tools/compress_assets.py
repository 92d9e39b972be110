"""Makes the copy of static/ with compressed variants that the app serves; nothing happens when it is up to date."""

from eventapp.web.assets import build_assets

if __name__ == "__main__":
    build_assets()
