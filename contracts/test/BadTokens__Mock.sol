// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice Says false where it should move money, once told to.
contract FalseToken__Mock is ERC20 {
    bool public lies;

    constructor() ERC20("False token", "FALSE") {
        _mint(msg.sender, 1e30);
    }

    function setLies(bool lies_) external {
        lies = lies_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return lies ? false : super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return lies ? false : super.transferFrom(from, to, amount);
    }
}

/// @notice Keeps one hundredth of every transfer.
contract FeeToken__Mock is ERC20 {
    constructor() ERC20("Fee token", "FEE") {
        _mint(msg.sender, 1e30);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(to, address(0), amount / 100);
    }
}

/// @notice Moves money but answers nothing, as old tokens do.
contract SilentToken__Mock {
    mapping(address owner => uint256) public balanceOf;

    constructor() {
        balanceOf[msg.sender] = 1e30;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Calls back whatever it was told to, in the middle of a transfer, and keeps what came of it.
contract ReentrantToken__Mock is ERC20 {
    address public target;
    bytes public data;
    bool public tried;
    bool public succeeded;
    bytes public answer;

    constructor() ERC20("Re-entrant token", "AGAIN") {
        _mint(msg.sender, 1e30);
    }

    function aim(address target_, bytes calldata data_) external {
        (target, data, tried, succeeded) = (target_, data_, false, false);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (target == address(0) || tried) return;
        tried = true;
        // solhint-disable-next-line avoid-low-level-calls
        (succeeded, answer) = target.call(data);
    }
}
