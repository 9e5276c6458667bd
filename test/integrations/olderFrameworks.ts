import type express from 'express';
import type { fastify } from 'fastify';
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** Express 4, which has no types here; the parts that tests use have the types of Express 5. */
export const express4 = load('express4') as typeof express;
/** Fastify 4, whose types differ from those of Fastify 5 in what tests do not use. */
export const fastify4 = load('fastify4') as typeof fastify;
