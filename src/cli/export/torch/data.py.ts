/** `kernelgrad_data.py`: images, and the order in which this project takes them. */
export const dataScript = String.raw`"""Images, and the order in which kernelgrad takes them."""
import gzip

import numpy as np
import torch


def load_images(path, low, high):
    """Images [n, 28, 28] of a .npy or IDX file (.gz or not), black as low, white as high."""
    if path.endswith('.npy'):
        images = np.load(path)
    else:
        with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as file:
            data = file.read()
        if data[:4] != b'\0\0\x08\x03':
            raise ValueError(f'{path}: no IDX file of images')
        shape = np.frombuffer(data, '>u4', 3, 4)
        images = np.frombuffer(data, np.uint8, offset=16).reshape(*shape)
    if images.dtype == np.uint8:
        images = images.astype(np.float32) / np.float32(255)
    mean, std = np.float32(-low / (high - low)), np.float32(1 / (high - low))
    return torch.from_numpy((images.astype(np.float32) - mean) / std)


def threefry(key, counter):
    """Threefry-2x32-20 of arrays of counters. Salmon et al. 2011."""
    words = [np.uint32(each % 2**32) for each in (*key, 0x1BD11BDA ^ key[0] ^ key[1])]
    x, y = (np.asarray(each, np.uint32) for each in counter)
    with np.errstate(over='ignore'):
        x, y = x + words[0], y + words[1]
        for group in range(5):
            for by in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
                x = x + y
                y = ((y << np.uint32(by)) | (y >> np.uint32(32 - by))) ^ x
            x = x + words[(group + 1) % 3]
            y = y + words[(group + 2) % 3] + np.uint32(group + 1)
    return x, y


def order(count, seed, epoch):
    """The order of an epoch's samples, as in kernelgrad's DataLoader with shuffle."""
    at = np.arange(count, dtype=np.uint32)
    high = np.full(count, seed // 2**32, np.uint32)
    words, _ = threefry((seed % 2**32, epoch % 2**32), (at, high))
    other = np.floor(words / 2**32 * (np.arange(count) + 1.0)).astype(np.int64).tolist()
    positions = list(range(count))
    for i in range(count - 1, 0, -1):
        j = other[i]
        positions[i], positions[j] = positions[j], positions[i]
    return positions


def batches(count, size, seed, epoch):
    """The positions of the samples in each batch of an epoch."""
    positions = order(count, seed, epoch)
    return [positions[start:start + size] for start in range(0, count, size)]
`
