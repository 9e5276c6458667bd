const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** The same in every report, so that the program knows a file as a report before it replaces it. */
export const pageBeginning = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Backtest: `;
