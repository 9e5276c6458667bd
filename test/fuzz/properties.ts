import { answerProperties } from './answerProperties.js';
import { networkProperties } from './networkProperties.js';
import type { Property } from './property.js';
import { wireProperties } from './wireProperties.js';

export const properties: readonly Property[] = [...networkProperties, ...answerProperties, ...wireProperties];
