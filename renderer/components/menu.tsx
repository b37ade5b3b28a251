import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { layers } from './layers.ts';
import './menu.css';

interface MenuProps {
  trigger: ReactElement;
  align?: 'start' | 'end';
  children: ReactNode;
}

/** A menu that opens from a button. */
export function Menu({ trigger, align = 'end', children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={layers()}>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  icon?: LucideIcon;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

/** One thing to do. */
export function MenuItem({
  icon: Icon,
  keys,
  danger,
  disabled,
  onSelect,
  children,
}: MenuItemProps) {
  return (
    <DropdownMenu.Item
      className={`menu__item ${danger ? 'menu__item--danger' : ''}`}
      disabled={disabled ?? false}
      onSelect={onSelect}
    >
      <span className="menu__icon">{Icon ? <Icon aria-hidden="true" /> : null}</span>
      <span className="menu__text">{children}</span>
      {keys ? <span className="menu__keys">{keys}</span> : null}
    </DropdownMenu.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  label: string;
  value: T | null;
  options: readonly { readonly value: T; readonly text: string }[];
  onChange: (value: T) => void;
}

/** A choice of one among a few, inside a menu. */
export function MenuChoice<T extends string>({
  label,
  value,
  options,
  onChange,
}: MenuChoiceProps<T>) {
  const choose = (chosen: string) => {
    const option = options.find((one) => one.value === chosen);
    if (option) onChange(option.value);
  };
  return (
    <DropdownMenu.RadioGroup value={value ?? ''} onValueChange={choose} aria-label={label}>
      <DropdownMenu.Label className="menu__label">{label}</DropdownMenu.Label>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value} className="menu__item">
          <span className="menu__icon">
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden="true" />
            </DropdownMenu.ItemIndicator>
          </span>
          <span className="menu__text">{option.text}</span>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

/** A line between groups. */
export function MenuLine() {
  return <DropdownMenu.Separator className="menu__line" />;
}
