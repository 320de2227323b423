/** `kernelgrad_files.py`: what PyTorch needs to read and write this project's files. */
export const filesScript = `"""Weights and checkpoints of kernelgrad in Python."""
import json
import os

import torch

# The order in which they stand in a file. U32 counts an optimizer's steps.
DTYPES = {
    'I64': torch.int64, 'F64': torch.float64, 'F32': torch.float32, 'U32': torch.int32,
    'I32': torch.int32, 'BF16': torch.bfloat16, 'F16': torch.float16, 'I16': torch.int16,
    'I8': torch.int8, 'U8': torch.uint8, 'BOOL': torch.bool,
}
FORMAT = 'kernelgrad-checkpoint-v1'


def load_safetensors(path):
    """The tensors of a safetensors file by name, and its metadata."""
    with open(path, 'rb') as file:
        length = int.from_bytes(file.read(8), 'little')
        if not 0 < length < os.path.getsize(path):
            raise ValueError(f'{path}: no safetensors file')
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    metadata = header.pop('__metadata__', {})
    tensors = {}
    for name, entry in header.items():
        start, end = entry['data_offsets']
        part = data[start:end]
        dtype = DTYPES[entry['dtype']]
        flat = torch.frombuffer(part, dtype=dtype) if part else torch.empty(0, dtype=dtype)
        tensors[name] = flat.reshape(entry['shape'])
    return tensors, metadata


def save_safetensors(path, tensors, metadata=None, unsigned=()):
    """Writes tensors, whole or not at all. The names in unsigned are written as U32."""
    kinds = {kind: name for name, kind in reversed(DTYPES.items()) if name != 'U32'}
    named = [(n, 'U32' if n in unsigned else kinds[t.dtype], t) for n, t in tensors.items()]
    named.sort(key=lambda each: (list(DTYPES).index(each[1]), each[0]))
    header, parts, end = {}, [], 0
    if metadata:
        header['__metadata__'] = metadata
    for name, kind, t in named:
        parts.append(t.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
                     if t.numel() else b'')
        header[name] = {'dtype': kind, 'shape': list(t.shape),
                        'data_offsets': [end, end + len(parts[-1])]}
        end += len(parts[-1])
    text = json.dumps(header, ensure_ascii=False, separators=(',', ':')).encode()
    text = text.ljust(-(-len(text) // 8) * 8)
    with open(path + '.part', 'wb') as file:
        file.write(len(text).to_bytes(8, 'little') + text + b''.join(parts))
    os.replace(path + '.part', path)


def load_checkpoint(path):
    """The parts of a training that kernelgrad saved, and the place of its random stream."""
    tensors, metadata = load_safetensors(path)
    if metadata.get('format') != FORMAT:
        raise ValueError(f'{path}: no checkpoint; load_safetensors reads weights alone')

    def walk(value):
        if isinstance(value, list):
            return [walk(each) for each in value]
        if not isinstance(value, dict):
            return value
        if '$tensor' in value:
            return tensors[value['$tensor']]
        if '$number' in value:
            return float(value['$number'])
        return {name: walk(each) for name, each in value.items()}

    return walk(json.loads(metadata['state'])), json.loads(metadata['random'])


def save_checkpoint(path, parts, random):
    """Writes a training so that kernelgrad can go on with it."""
    tensors, unsigned = {}, []

    def walk(path, value):
        if isinstance(value, torch.Tensor):
            name = '.'.join(path)
            tensors[name] = value
            if value.dtype == torch.int32 and name.endswith('.step'):
                unsigned.append(name)
            return {'$tensor': name}
        if isinstance(value, (list, tuple)):
            return [walk([*path, str(i)], each) for i, each in enumerate(value)]
        if isinstance(value, dict):
            return {name: walk([*path, name], each) for name, each in value.items()}
        return value

    state = walk([], parts)
    metadata = {'format': FORMAT, 'state': json.dumps(state), 'random': json.dumps(random)}
    save_safetensors(path, tensors, metadata, unsigned)
`
