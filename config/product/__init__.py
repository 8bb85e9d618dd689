"""The product file: what it says, how it is read, and what is wrong with one."""

from config.product.kinds import connector_kinds
from config.product.load import load_product, product_remarks
from config.product.model import Product
from config.product.problems import ProductError, ProductErrors
from config.product.rules import rule_names

__all__ = [
    "Product",
    "ProductError",
    "ProductErrors",
    "connector_kinds",
    "load_product",
    "product_remarks",
    "rule_names",
]
