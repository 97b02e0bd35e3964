"""Headers that every answer carries."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=()"


def with_camera(response: Response) -> Response:
    """Let the page use the camera once its reader allows it; no other page may even ask."""
    response.headers["Permissions-Policy"] = PERMISSIONS.replace("camera=()", "camera=(self)")
    return response


# What a player takes: our own films and captions, and pages of the two providers, once the reader has asked for one.
PLAYERS = (
    POLICY.replace("connect-src", "media-src 'self'; connect-src")
    + "; frame-src https://www.youtube-nocookie.com https://player.vimeo.com"
)


def with_players(response: Response) -> Response:
    """Let the page play recordings."""
    response.headers["Content-Security-Policy"] = PLAYERS
    return response


def secured(app: Flask, response: Response) -> Response:
    """An answer that none of the application's own steps has made, with the headers that every answer carries."""
    response.headers.extend(app.extensions["fixed_headers"])
    return response


def init_app(app: Flask) -> None:
    """Add the security headers, and keep private pages out of every cache unless a page says otherwise."""
    lines = [
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", PERMISSIONS),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    if app.config["SETTINGS"].is_production:
        lines.append(("Strict-Transport-Security", "max-age=31536000"))
    fixed = [(name, name.lower(), value) for name, value in lines]
    app.extensions["fixed_headers"] = lines

    def secure(response: Response) -> Response:
        headers = response.headers
        # Asking the headers for each name in turn would walk through all of them each time.
        given = {name.lower() for name, _ in headers}
        for name, folded, value in fixed:
            if folded not in given:
                headers.add(name, value)
        if "cache-control" not in given and request.endpoint != "static":
            headers.add("Cache-Control", "no-store")
        return response

    app.after_request(secure)
