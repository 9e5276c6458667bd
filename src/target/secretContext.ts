/** What a sealed secret belongs to: sealed for one place, it does not open in another. */
export const signingKeyContext = (instanceID: string, targetID: string): string =>
  `${instanceID}/${targetID}/signing-key`;

export const headerContext = (instanceID: string, targetID: string, name: string): string =>
  `${instanceID}/${targetID}/header/${name.toLowerCase()}`;
