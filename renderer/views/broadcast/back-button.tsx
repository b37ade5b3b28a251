import { ArrowLeft } from 'lucide-react';
import { Button } from '../../components/button.tsx';

interface BackButtonProps {
  text: string;
  onBack: () => void;
}

/** The way back, above what it leads back from. */
export function BackButton({ text, onBack }: BackButtonProps) {
  return (
    <Button className="broadcast-back" look="quiet" size="small" icon={ArrowLeft} onClick={onBack}>
      {text}
    </Button>
  );
}
