// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";

/// @notice A batch in three slots, each written once at submission. Offsets in bits, from the least significant.
struct Row {
    // slot 0
    bytes32 root;
    // slot 1: client 0 ‖ lock 160 ‖ count 200
    uint256 origin;
    // slot 2: executor 0 ‖ time 160 ‖ block 192 ‖ epoch 224 ‖ status 240 ‖ hasVoids 248: all that a state needs
    uint256 standing;
}

/// @notice What is stored of a state: whether a pending batch is final is a view of time. A batch becomes Pending
/// once, Demanded (its fourth slot in use) only from Pending, Rejected once at most: it has one end.
enum Status {
    None,
    Pending,
    Demanded,
    Rejected
}

/// @notice Reads and writes rows, one slot at a time.
library Rows {
    uint256 private constant STATUS = 240;
    uint256 private constant HAS_VOIDS = 1 << 248;

    function write(Row storage self, IClaims.Batch memory b) internal {
        self.root = b.root;
        self.origin = uint160(b.client) | (uint256(b.lock) << 160) | (uint256(b.count) << 200);
        self.standing =
            uint160(b.executor) |
            (uint256(uint32(b.time)) << 160) |
            (uint256(b.blockNumber) << 192) |
            (uint256(b.epoch) << 224) |
            (uint256(Status.Pending) << STATUS);
    }

    function read(Row storage self) internal view returns (IClaims.Batch memory b) {
        (b.root, b.client, b.lock, b.count) = (self.root, client(self), uint40(self.origin >> 160), count(self));
        uint256 standing = self.standing;
        (b.executor, b.time, b.blockNumber) = (address(uint160(standing)), uint32(standing >> 160), blockOf(standing));
        b.epoch = uint16(standing >> 224);
    }

    function setStatus(Row storage self, Status to) internal {
        self.standing = (self.standing & ~(uint256(255) << STATUS)) | (uint256(to) << STATUS);
    }

    function setHasVoids(Row storage self) internal {
        self.standing |= HAS_VOIDS;
    }

    function client(Row storage self) internal view returns (address) {
        return address(uint160(self.origin));
    }

    function count(Row storage self) internal view returns (uint32) {
        return uint32(self.origin >> 200);
    }

    function timeOf(uint256 standing) internal pure returns (uint32) {
        return uint32(standing >> 160);
    }

    function blockOf(uint256 standing) internal pure returns (uint32) {
        return uint32(standing >> 192);
    }

    function epochOf(uint256 standing) internal pure returns (uint16) {
        return uint16(standing >> 224);
    }

    function statusOf(uint256 standing) internal pure returns (Status) {
        return Status(uint8(standing >> STATUS));
    }

    function hasVoids(uint256 standing) internal pure returns (bool) {
        return standing & HAS_VOIDS != 0;
    }
}
