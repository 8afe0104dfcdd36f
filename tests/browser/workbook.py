"""Writes a small XLSX workbook of made-up people: two sheets, with inline strings."""
import sys
import zipfile

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def sheet(rows):
    cells = lambda row: "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row)
    body = "".join(f'<row r="{n}">{cells(row)}</row>' for n, row in enumerate(rows, 1))
    return f"{HEAD}<worksheet {NS}><sheetData>{body}</sheetData></worksheet>"


people = [["PatientID", "Age", "Sex"]] + [[f"QX{n}77", str(40 + n % 3), "FM"[n % 2]] for n in range(12)]
visits = [["PatientID", "Visit"], ["QX177", "2021-03-04"]]
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as book:
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kinds}.worksheet+xml"/>' for n in (1, 2))
    book.writestr("[Content_Types].xml", f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>{parts}</Types>')
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    book.writestr("_rels/.rels", f'{HEAD}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(("People", "Visits"), 1))
    book.writestr("xl/workbook.xml", f'{HEAD}<workbook {NS} xmlns:r="{REL}"><sheets>{sheets}</sheets></workbook>')
    targets = "".join(f'<Relationship Id="rId{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in (1, 2))
    book.writestr("xl/_rels/workbook.xml.rels", f'{HEAD}<Relationships xmlns="{relations}">{targets}</Relationships>')
    book.writestr("xl/worksheets/sheet1.xml", sheet(people))
    book.writestr("xl/worksheets/sheet2.xml", sheet(visits))
