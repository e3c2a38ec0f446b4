// Runs in the page; says what sticks out sideways, or nothing.
() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return '';
  const edge = document.documentElement.clientWidth;
  const fromTheRight = document.documentElement.dir === 'rtl';
  const sticksOut = ({ left, right }) => (fromTheRight ? left < -1 : right > edge + 1);
  const guilty = [...document.querySelectorAll('main *, header *')]
    .filter((element) => sticksOut(element.getBoundingClientRect()))
    .slice(0, 3).map((element) => element.outerHTML.slice(0, 100));
  return `${wide} px too wide: ${guilty.join(' | ')}`;
}
