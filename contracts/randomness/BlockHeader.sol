// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Reads a word of a block's RLP-encoded header.
library BlockHeader {
    /// @dev parentHash, ommersHash, coinbase, stateRoot, transactionsRoot, receiptsRoot, logsBloom, difficulty, number,
    /// gasLimit, gasUsed, timestamp, extraData stand before it.
    uint256 private constant MIX_HASH = 13;

    /// @notice The mixHash (since the merge: prevRandao) of a header whose hash the caller has checked.
    function mixHash(bytes calldata header) internal pure returns (bytes32 word) {
        uint256 place = _payload(header, 0);
        for (uint256 i = 0; i < MIX_HASH; ++i) place = _after(header, place);
        return bytes32(header[place + 1:place + 33]);
    }

    /// @dev First byte of an item's payload.
    function _payload(bytes calldata raw, uint256 place) private pure returns (uint256) {
        uint256 head = uint8(raw[place]);
        if (head < 0x80) return place;
        if (head < 0xb8 || (head >= 0xc0 && head < 0xf8)) return place + 1;
        return place + 1 + (head < 0xc0 ? head - 0xb7 : head - 0xf7);
    }

    /// @dev First byte after a string item.
    function _after(bytes calldata raw, uint256 place) private pure returns (uint256) {
        uint256 head = uint8(raw[place]);
        uint256 payload = _payload(raw, place);
        if (head < 0x80) return place + 1;
        if (head < 0xb8) return payload + head - 0x80;
        uint256 length;
        for (uint256 i = place + 1; i < payload; ++i) length = (length << 8) | uint8(raw[i]);
        return payload + length;
    }
}
