/** Required by `npm run test:kurrentdb`: this process tests the client of KurrentDB, and loads no other. */
process.env['CLIENT_UNDER_TEST'] = 'kurrentdb';
