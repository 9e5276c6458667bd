import type { VNode } from 'preact';

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly (readonly [address: string, text: string, isHere: boolean])[];
}

/** Links between views of the same data. */
export const Tabs = ({ label, tabs }: TabsProps): VNode => (
  <nav class="tabs" aria-label={label}>
    {tabs.map(([address, text, isHere]) => (
      <a key={address} href={address} aria-current={isHere ? 'page' : undefined}>
        {text}
      </a>
    ))}
  </nav>
);
