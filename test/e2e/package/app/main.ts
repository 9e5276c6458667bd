import { veto } from './veto.js';

void veto().then((said) => {
  console.log(said);
});
