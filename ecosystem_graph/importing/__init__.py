"""Exports of CRMs, surveys, workbooks and databases -> tables of an ecosystem."""
