import {
  externalPostAuthentication,
  externalPostCreation,
  externalPreCreation,
  internalPostAuthentication,
  internalPostCreation,
  internalPreCreation,
} from './authentication.js';
import { preAccessToken, preUserInfo } from './claims.js';
import { preSAMLResponse } from './samlAttributes.js';

/**
 * The nine functions of the four flows of ZITADEL's Actions, by name, with ZITADEL's payloads, answers and rules of
 * merging: `createActions({ functions: Object.values(flowFunctions) })`.
 */
export const flowFunctions = {
  'internalauthentication.postauthentication': internalPostAuthentication,
  'internalauthentication.precreation': internalPreCreation,
  'internalauthentication.postcreation': internalPostCreation,
  'externalauthentication.postauthentication': externalPostAuthentication,
  'externalauthentication.precreation': externalPreCreation,
  'externalauthentication.postcreation': externalPostCreation,
  preuserinfo: preUserInfo,
  preaccesstoken: preAccessToken,
  presamlresponse: preSAMLResponse,
} as const;
