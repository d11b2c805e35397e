"""`presets`: mappings of known systems that ship."""

import click

from ecosystem_graph.cli.saying import say


@click.command(short_help="List the systems whose exports are known.")
@click.argument("name", required=False)
def presets(name: str | None) -> None:
    """List the presets for `import`, or print the TOML of the preset NAME.

    \b
    Example:
      ecosystem-graph presets salesforce
    """
    from ecosystem_graph.importing import preset_names, preset_text, preset_title

    if name is not None:
        say(preset_text(name).rstrip("\n"))
        return
    names = preset_names()
    width = max(map(len, names))
    for one in names:
        say(f"{one:<{width}}  {preset_title(one)}")
