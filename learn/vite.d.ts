// what Vite adds to modules of the page: ?raw, import.meta.glob
/// <reference types="vite/client" />
