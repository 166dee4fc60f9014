// The chart theme: colours and type read from the tokens, so that charts follow light, dark and print.
export interface Tokens {
  text: string;
  muted: string;
  faint: string;
  line: string;
  surface: string;
  raised: string;
  accent: string;
  risk: string;
  miss: string;
  nodata: string;
  series: string[];
  font: string;
}

/** The tokens as they are now. */
export function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: token("text"),
    muted: token("muted"),
    faint: token("faint"),
    line: token("line"),
    surface: token("surface"),
    raised: token("raised"),
    accent: token("accent"),
    risk: token("risk"),
    miss: token("miss"),
    nodata: token("nodata"),
    series: [1, 2, 3, 4, 5, 6].map((index) => token(`series-${index}`)),
    font: token("font"),
  };
}
