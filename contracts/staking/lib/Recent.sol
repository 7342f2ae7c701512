// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @notice A value and all its past. The latest stands in one slot, so that a look at the recent past reads no more.
library Recent {
    using Checkpoints for Checkpoints.Trace208;

    struct Trace {
        // slot 0
        uint48 since;
        uint208 value;
        // slot 1
        Checkpoints.Trace208 earlier;
    }

    /// @notice Sets the value from this second on.
    function push(Trace storage self, uint208 value) internal {
        uint48 since = self.since;
        uint48 time = uint48(block.timestamp);
        if (since != time && since != 0) self.earlier.push(since, self.value);
        self.since = time;
        self.value = value;
    }

    /// @notice The value at the end of a second; zero before the first.
    function valueAt(Trace storage self, uint256 time) internal view returns (uint208) {
        (uint48 since, uint208 value) = (self.since, self.value);
        return time >= since ? value : self.earlier.upperLookupRecent(uint48(time));
    }

    function latest(Trace storage self) internal view returns (uint208) {
        return self.value;
    }
}
