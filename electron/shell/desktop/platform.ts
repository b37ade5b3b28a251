/** The platform whose customs the desktop shell follows; read once. */
export const PLATFORM: NodeJS.Platform = process.platform;
