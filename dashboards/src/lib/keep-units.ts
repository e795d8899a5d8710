/** Binds numbers to their units and French marks to their words, so that no line ends between "38" and "%". */
export function keepUnits(text: string): string {
  return text
    .replace(/(\d) (?=(?:%|s|min|h|d|j|pts?|points?)(?![\p{L}\d]))/gu, '$1\u00a0')
    .replace(/ (?=[:;!?»])/g, '\u00a0')
}
