"""The connector of a source."""

from config.check import setting
from config.product import connector_kinds
from connectors.contract import Connector
from connectors.options import SourceOptions
from service.flow.context import Context


def connector_of(context: Context, options: SourceOptions) -> Connector:
    """One connector per source and process, opened when first needed."""
    if options.key not in context.connectors:
        kind = connector_kinds()[options.type]
        context.connectors[options.key] = kind.connect(options, setting(context.product))
    return context.connectors[options.key]
