"""The printer of vouchers. What it prints with is loaded when the first one is made, not when the product starts."""

from __future__ import annotations

from relevo.bookings.voucher import Voucher


class VoucherPrinter:
    def pdf(self, voucher: Voucher) -> bytes:
        from relevo.adapters.documents import paper

        return paper.page(voucher)

    def calendar(self, voucher: Voucher) -> bytes:
        from relevo.adapters.documents import paper

        return paper.entry(voucher)
