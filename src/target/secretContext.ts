/** The place that a sealed secret belongs to: it does not open in any other. */
export const signingKeyContext = (instanceID: string, targetID: string): string =>
  `${instanceID}/${targetID}/signing-key`;

export const headerContext = (instanceID: string, targetID: string, name: string): string =>
  `${instanceID}/${targetID}/header/${name.toLowerCase()}`;
