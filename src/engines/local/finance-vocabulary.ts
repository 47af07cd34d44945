/** A statement that company reports print under a standard heading. */
export type Statement = "balance" | "income" | "cash";

/** What a term of financial analysis is called in, or computed from, the reports of any company. */
export interface FinanceEntry {
  readonly asked: readonly string[];
  readonly written: readonly string[];
  readonly statements: readonly Statement[];
}

/** The headings under which the statements are printed; US and international usage. */
export const STATEMENT_HEADINGS: Readonly<Record<Statement, readonly string[]>> = {
  balance: ["balance sheet", "statement of financial position", "statement of financial condition"],
  income: [
    "statement of income",
    "statement of operations",
    "statement of earnings",
    "income statement",
    "profit and loss",
  ],
  cash: ["statement of cash flows", "cash flow statement"],
};

/** Standard terms of financial reporting; nothing here is about a single company or document. */
export const FINANCE_VOCABULARY: readonly FinanceEntry[] = [
  entry("balance sheet|statement of financial position|statement of financial condition", "", "balance"),
  entry(
    "income statement|statement of income|statement of operations|statement of earnings|p&l|profit and loss",
    "",
    "income",
  ),
  entry("cash flow statement|statement of cash flows", "", "cash"),
  entry(
    "capex|capital expenditure|capital spending",
    "capital expenditures|purchases of property|additions to property|payments for property|acquisition of property",
    "cash",
  ),
  entry(
    "ppe|ppne|pp&e|pp e|fixed asset|property plant and equipment",
    "property plant and equipment|property and equipment",
    "balance",
  ),
  entry("revenue|top line|topline|sales|net sales|turnover", "net sales|revenues|net revenues|total revenues", ""),
  entry(
    "cogs|cost of goods sold|cost of sales|cost of revenue",
    "cost of sales|cost of goods sold|cost of products sold|cost of revenue|cost of services",
    "income",
  ),
  entry("d&a|depreciation and amortization|ebitda", "depreciation and amortization|depreciation amortization", "cash"),
  entry("sg&a", "selling general and administrative", ""),
  entry("r&d", "research and development", ""),
  entry("eps|earnings per share", "earnings per share|net income per share", "income"),
  entry(
    "accounts receivable|receivable|dso|days sales outstanding",
    "accounts receivable|trade receivables|receivables net",
    "balance",
  ),
  entry("accounts payable|dpo|days payable outstanding|payable", "accounts payable|trade payables", "balance"),
  entry(
    "inventory|inventory turnover|dio|days inventory outstanding",
    "inventories|merchandise inventories",
    "balance",
  ),
  entry("inventory turnover|dio|dpo", "cost of sales|cost of goods sold|cost of products sold", "income"),
  entry(
    "quick ratio|current ratio|working capital|liquidity",
    "total current assets|total current liabilities",
    "balance",
  ),
  entry("cash and cash equivalents|cash & cash equivalents", "cash and cash equivalents", "balance|cash"),
  entry(
    "total assets|return on assets|roa|asset turnover|capital intensive|capital intensity",
    "total assets|property plant and equipment|property and equipment",
    "balance",
  ),
  entry("capital intensive|capital intensity", "capital expenditures|purchases of property", "cash|income"),
  entry(
    "return on assets|roa|return on equity|roe|net income|net profit|net margin|net earnings",
    "net income|net earnings|net income attributable",
    "income",
  ),
  entry("liability|total debt|debt|leverage", "total liabilities|long-term debt|short-term debt", "balance"),
  entry(
    "equity|shareholders equity|stockholders equity",
    "total equity|shareholders equity|stockholders equity",
    "balance",
  ),
  entry("goodwill|intangible", "goodwill", "balance"),
  entry(
    "gross margin|gross profit",
    "gross profit|gross margin|cost of sales|cost of goods sold|cost of products sold",
    "income",
  ),
  entry(
    "operating margin|operating income|operating profit|ebit",
    "operating income|income from operations|operating profit|earnings from operations",
    "income",
  ),
  entry(
    "effective tax rate|tax rate|income tax",
    "effective tax rate|effective income tax rate|provision for income taxes|income before income taxes|income tax expense",
    "income",
  ),
  entry("interest coverage|interest expense", "interest expense|operating income", "income"),
  entry("dividend|payout", "dividends paid|cash dividends|dividends declared", "cash"),
  entry(
    "free cash flow|operating cash flow|cash from operations|operating activities",
    "net cash provided by operating activities|cash flows from operating activities",
    "cash",
  ),
  entry("investing activities", "cash flows from investing activities", "cash"),
  entry("financing activities", "cash flows from financing activities", "cash"),
  entry(
    "buyback|stock repurchase|share repurchase|repurchase",
    "share repurchases|stock repurchases|repurchases of common stock|treasury stock",
    "",
  ),
  entry("legal battle|lawsuit|litigation|legal dispute", "legal proceedings|litigation|lawsuits|contingencies", ""),
  entry("acquisition|acquire|m&a", "acquisitions|business combinations|acquired", ""),
  entry("geography|region|geographic", "geographic|geographic area|geographic information", ""),
  entry("spin off|spinoff|separation", "spin-off|separation", ""),
];

function entry(asked: string, written: string, statements: string): FinanceEntry {
  return {
    asked: asked.split("|"),
    written: written.split("|").filter((phrase) => phrase !== ""),
    statements: statements.split("|").filter(isStatement),
  };
}

function isStatement(name: string): name is Statement {
  return name in STATEMENT_HEADINGS;
}
