"""A subcommand that doesn't guess what somebody meant who says two things."""

from collections.abc import Iterable

import click


class Strict(click.Command):
    """
    Refuses an option that is given twice and counts once.

    Otherwise the later one would win in silence, and the command might be sent with an amount that
    somebody meant to have corrected.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Look for repeated options before anything is done with them."""
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        for option in _repeated(order):
            raise click.UsageError(f"{option.opts[-1]} is given twice: once is meant", ctx)
        return super().parse_args(ctx, args)


def _repeated(order: Iterable[click.Parameter]) -> Iterable[click.Option]:
    """Yield options that stand in the order more than once, and don't collect values."""
    seen: set[str | None] = set()
    for each in order:
        if isinstance(each, click.Option) and not (each.multiple or each.is_flag):
            if each.name in seen:
                yield each
            seen.add(each.name)
