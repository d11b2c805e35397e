"""Workbooks (xlsx, xlsm, xlsb, xls, ods) -> grids of cells."""
